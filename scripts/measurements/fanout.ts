/**
 * Delivers new files to thousands of WebSockets that subscribe to one task, and compares this with
 * a bare `ws` server that sends as many bytes, and with Yoga with its own pub/sub and graphql-ws,
 * in the same run. It continues with bursts of events, and with subscribers that all resume at once
 * after many missed events.
 *
 *   npm run bench -- fanout [--sizes 1000,5000,10000] [--rounds 5] [--missed 500]
 *
 * Fails if, at the largest size, a message costs more than 1.3 times the bare server's CPU or more
 * than a third of Yoga's; if one in a burst costs more than a fifteenth of Yoga's; or if
 * subscribers delay the uploader's response. Linux only.
 */
import { parseArgs } from 'node:util';
import { startAttache, startBareWs, startYoga, takeSample } from '../bench/fanout/contenders.ts';
import { type Figures, type Load, measure } from '../bench/fanout/measure.ts';
import { measureReconnectStorm } from '../bench/fanout/reconnect-storm.ts';
import { record } from '../bench/results.ts';

const MAX_RATIO_TO_BARE_WS = 1.3;
const MIN_FACTOR_TO_YOGA = 3;
const MIN_BURST_FACTOR_TO_YOGA = 15;
/** The longest delay that subscribers may add to the uploader's response. */
const MAX_RESPONSE_DELAY_MS = 20;

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,5000,10000' },
    rounds: { type: 'string', default: '5' },
    missed: { type: 'string', default: '500' },
  },
});
const sizes = values.sizes.split(',').map(Number);
const largest = Math.max(...sizes);
const rounds = Number(values.rounds);

const sample = await takeSample();
console.log(`each message ${sample.message.length} bytes; medians of ${rounds} alternating rounds`);
const starts = [startAttache, () => startBareWs(sample), () => startYoga(sample)];

for (const subscribers of sizes) {
  const figures = await run(`one event to ${subscribers.toLocaleString('en')} sockets`, {
    subscribers,
    burst: 1,
    rounds,
    times: Math.max(4, Math.round(30_000 / subscribers)),
  });
  if (subscribers !== largest) continue;
  const { attache, bare, yoga } = figures;
  const { alone, withSubscribers: shared } = attache.responseMs;
  judge('CPU against bare ws', attache.cpuMicros / bare.cpuMicros, MAX_RATIO_TO_BARE_WS);
  judge('CPU against Yoga', attache.cpuMicros / yoga.cpuMicros, 1 / MIN_FACTOR_TO_YOGA);
  judge('delay of the response, ms', shared - alone, MAX_RESPONSE_DELAY_MS);
}

const burst = await run('20 events at once to 2,000 sockets', { subscribers: 2000, burst: 20, rounds, times: 2 });
judge('CPU against Yoga', burst.attache.cpuMicros / burst.yoga.cpuMicros, 1 / MIN_BURST_FACTOR_TO_YOGA);

const missed = Number(values.missed);
const storm = await measureReconnectStorm({ listeners: largest, missed });
console.log(`\n${largest.toLocaleString('en')} subscribers resume at once, each after missing ${missed} events`);
for (const line of storm) console.log(`  ${line}`);

async function run(title: string, load: Load) {
  const figures = await measure(starts, load);
  console.log(`\n${title}`);
  console.log(
    `${'  '.padEnd(22)}${['CPU µs/message', 'ms to the last', 'ms to response', 'ms without subs', 'KiB/socket'].map((head) => head.padStart(17)).join('')}`,
  );
  const named = (name: string) => figures.find((one) => one.name.startsWith(name)) as Figures;
  const [attache, bare, yoga] = [named('Attaché'), named('bare'), named('Yoga')];
  for (const { name, cpuMicros, lastMs, responseMs, kibPerSocket } of [attache, bare, yoga]) {
    const cells = [cpuMicros, lastMs, responseMs.withSubscribers, responseMs.alone, kibPerSocket];
    console.log(`  ${name.padEnd(20)}${cells.map((cell) => cell.toFixed(1).padStart(17)).join('')}`);
    record({
      measurement: 'fanout',
      load: title,
      server: name,
      figures: { 'CPU µs a message': cpuMicros, 'ms to the last': lastMs, 'KiB a socket': kibPerSocket },
      ratios: { 'CPU µs a message': cpuMicros / bare.cpuMicros },
    });
  }
  return { attache, bare, yoga };
}

function judge(what: string, value: number, most: number): void {
  const isMissed = !(value <= most);
  console.log(`  ${isMissed ? 'MISSED' : 'ok'}: ${what} ${value.toFixed(2)} (at most ${most.toFixed(2)})`);
  if (isMissed) process.exitCode = 1;
}
