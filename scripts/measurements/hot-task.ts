/**
 * Uploads of 10 KiB to a server on a durable PostgreSQL, sixteen at once: all to one task, to
 * sixteen tasks of one project, and to sixteen projects; then the same, spread over two servers on
 * the same database. The cases alternate in one run.
 *
 *   npm run bench -- hot-task [--rounds 15] [--seconds 1] [--at-once 16] [--servers 2]
 *
 * Prints the medians of uploads a second, and the ratio to sixteen projects on as many servers. It
 * fails if one task takes fewer uploads than sixteen projects do. Two servers can only be faster
 * than one where the machine has cores for both.
 */

import { mkdtempDisposable } from 'node:fs/promises';
import { Agent } from 'node:http';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sendQuery, upload } from '../bench/requests.ts';
import { median } from '../bench/results.ts';
import { type ServerProcess, startServerProcess } from '../bench/server-process.ts';
import { startPostgres } from '../support/postgres.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    seconds: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '16' },
    servers: { type: 'string', default: '2' },
  },
});
const ROUNDS = Number(values.rounds);
const ROUND_MS = Number(values.seconds) * 1000;
const AT_ONCE = Number(values['at-once']);
const SIZE = 10 * 1024;
const MIN_RATIO = 1;

/** Sends uploads for a while, each sender to one task after the other. Returns how many. */
async function sendFor(ms: number, to: readonly ServerProcess[], taskIds: readonly string[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const endsAt = performance.now() + ms;
  let sent = 0;
  const sender = async (_: unknown, index: number) => {
    const server = to[index % to.length] as ServerProcess;
    const taskId = taskIds[index % taskIds.length] as string;
    for (; performance.now() < endsAt; sent += 1) await upload(server, SIZE, { taskId, agent });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  agent.destroy();
  return sent;
}

async function createProject(server: ServerProcess): Promise<string> {
  const { createProject } = await sendQuery<{ createProject: { project: { id: string } } }>(
    server,
    'mutation { createProject(input: { title: "Busy" }) { project { id } } }',
  );
  return createProject.project.id;
}

async function createTask(server: ServerProcess, projectId: string): Promise<string> {
  const { createTask } = await sendQuery<{ createTask: { task: { id: string } } }>(
    server,
    'mutation ($projectId: ID!) { createTask(input: { projectId: $projectId, title: "Busy" }) { task { id } } }',
    { projectId },
  );
  return createTask.task.id;
}

await using folder = await mkdtempDisposable(join(tmpdir(), 'attache-hot-task-'));
await using postgres = await startPostgres({ durable: true });
await using database = await postgres.createDatabase();
const env = { DATABASE_URL: database.url, DATA_DIR: folder.path, ATTACHE_SECRET: 'the-secret-of-the-benchmarks' };
await using servers = new AsyncDisposableStack();
const all: ServerProcess[] = [];
while (all.length < Number(values.servers)) all.push(servers.use(await startServerProcess(env)));
const [first] = all as [ServerProcess];

const projectIds = await Promise.all(Array.from({ length: AT_ONCE }, () => createProject(first)));
const inOne = await Promise.all(projectIds.map(() => createTask(first, projectIds[0] as string)));
const inEach = await Promise.all(projectIds.map((projectId) => createTask(first, projectId)));
const PROJECTS = `${AT_ONCE} projects`;
const targets = { 'one task': inOne.slice(0, 1), [`${AT_ONCE} tasks of a project`]: inOne, [PROJECTS]: inEach };

interface Case {
  name: string;
  count: number;
  taskIds: readonly string[];
  rates: number[];
}
const cases = [...new Set([1, all.length])].flatMap((count) =>
  Object.entries(targets).map(([name, taskIds]): Case => ({ name, count, taskIds, rates: [] })),
);
for (const one of cases) await sendFor(ROUND_MS, all.slice(0, one.count), one.taskIds); // warms up
for (let round = 0; round < ROUNDS; round++) {
  for (const { count, taskIds, rates } of cases) {
    const startedAt = performance.now();
    const sent = await sendFor(ROUND_MS, all.slice(0, count), taskIds);
    rates.push(sent / ((performance.now() - startedAt) / 1000));
  }
}
console.log(`${availableParallelism()} cores`);
const rateOf = (name: string, count: number) =>
  median(cases.find((one) => one.name === name && one.count === count)?.rates ?? []);
let isTooSlow = false;
for (const { name, count, rates } of cases) {
  const ratio = median(rates) / rateOf(PROJECTS, count);
  if (count === 1 && ratio < MIN_RATIO) isTooSlow = true;
  console.log(
    `${count} server${count > 1 ? 's' : ' '}  ${name.padEnd(24)} ${median(rates).toFixed(0).padStart(6)} a second` +
      `  ${ratio.toFixed(2)} x ${PROJECTS}` +
      (count > 1 ? `  ${(median(rates) / rateOf(name, 1)).toFixed(2)} x one server` : ''),
  );
}
if (isTooSlow) {
  console.error(`MISSED: one server takes fewer than ${MIN_RATIO} x the uploads of ${PROJECTS}.`);
  process.exitCode = 1;
}
