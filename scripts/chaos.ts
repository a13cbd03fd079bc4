/**
 * Kills, drains, disconnects and slows down real servers while clients upload and subscribe. Then
 * checks that every subscriber received every file exactly once, in the order of the log. The last
 * line is the verdict.
 *
 *   npm run chaos -- [--seconds 120] [--nodes 2] [--clients 100] [--database postgres|sqlite]
 *
 * Fails if an event is lost, duplicated or out of order, an acknowledged upload is missing, a
 * subscriber is terminated by an error, or a server exits abnormally.
 */
import { parseArgs } from 'node:util';
import { runChaos } from './chaos/chaos.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    nodes: { type: 'string' },
    clients: { type: 'string', default: '100' },
    database: { type: 'string', default: 'postgres' },
  },
});
const database = values.database;
if (database !== 'postgres' && database !== 'sqlite') throw new Error('--database is postgres or sqlite.');
const nodes = Number(values.nodes ?? (database === 'postgres' ? 2 : 1));

const startedAt = performance.now();
const elapsed = () => Math.round((performance.now() - startedAt) / 1000);
const report = await runChaos({
  database,
  nodes,
  clients: Number(values.clients),
  seconds: Number(values.seconds),
  onProgress: (line) => console.log(`${String(elapsed()).padStart(4)} s  ${line}`),
});

const { acknowledged, missing, failures, terminated, connections, abnormalExits, slowestDrainMs } = report;
const { drains, cuts, stalls, terminations, cpuStarvations } = report;
console.log(`uploads       ${acknowledged} acknowledged, ${missing} of them missing afterwards`);
for (const [reason, count] of failures) console.log(`              ${count} not acknowledged: ${reason}`);
console.log(
  `faults        ${drains} drains, ${cuts} connections cut, ${stalls} stalled, ${cpuStarvations} CPU starvations`,
);
console.log(
  `subscribers   ${connections} connections, ${terminations} dropped by the client, ${terminated.length} terminated`,
);
for (const reason of new Set(terminated)) console.log(`              terminated: ${reason}`);
console.log(`servers       slowest shutdown ${(slowestDrainMs / 1000).toFixed(1)} s`);
for (const fault of abnormalExits) console.log(`              one ${fault}`);
const verdict = {
  kills: report.kills,
  expected: report.expected,
  received: report.received,
  lost: report.lost,
  duplicated: report.duplicated,
  'out of order': report.outOfOrder,
  'not in the log': report.unknown,
  seconds: elapsed(),
  nodes,
};
console.log(
  `${Object.entries(verdict)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')}, database ${database}`,
);
const { lost, duplicated, outOfOrder, unknown } = report;
if (lost + duplicated + outOfOrder + unknown + missing + terminated.length + abnormalExits.length > 0)
  process.exitCode = 1;
