import { cpuOf, memoryOf } from '../server-process.ts';
import { startAttache, subscription, TASK } from './contenders.ts';
import { untilIdle } from './measure.ts';
import { openSubscribers } from './subscribers.ts';

/** Files per request. */
const AT_ONCE = 20;

/** Resumes all subscribers at once from the same old cursor. Returns lines with the figures. */
export async function measureReconnectStorm({
  listeners: subscribers,
  missed,
}: {
  listeners: number;
  missed: number;
}): Promise<string[]> {
  await using attache = await startAttache();
  const { server } = attache;
  await attache.publish(1);
  const after = await readCursor(server);
  for (let left = missed; left > 0; left -= AT_ONCE) await attache.publish(Math.min(left, AT_ONCE));
  await untilIdle(server.pid);
  const cpuBefore = await cpuOf(server.pid);
  const { query, variables } = subscription;
  await using back = await openSubscribers(server, subscribers, { query, variables: { ...variables, after } }, missed);
  const ms = await back.backlogReceived;
  const cpu = (await cpuOf(server.pid)) - cpuBefore;
  const clientCpu = await cpuOf(back.pid);
  const messages = subscribers * missed;
  const { peak } = await memoryOf(server.pid);
  return [
    `${(ms / 1000).toFixed(1)} s until the last had received all ${messages.toLocaleString('en')} messages`,
    `${cpu.toFixed(1)} s of CPU for that, and ${clientCpu.toFixed(1)} s in the one process of the subscribers`,
    `${((cpu * 1e6) / messages).toFixed(1)} µs of CPU a message, handshakes and all`,
    `${Math.round(peak / 1024 ** 2)} MiB of memory at the peak`,
  ];
}

async function readCursor({ url, key }: { url: string; key: string }): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ task(id: "${TASK}") { files { eventCursor } } }` }),
  });
  const { data, errors } = (await response.json()) as {
    data?: { task: { files: { eventCursor: string } } };
    errors?: unknown;
  };
  if (!data) throw new Error(`There is no cursor: ${JSON.stringify(errors)}`);
  return data.task.files.eventCursor;
}
