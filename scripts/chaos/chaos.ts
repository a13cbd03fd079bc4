import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startPostgres } from '../../test/support/postgres.ts';
import { type Disturbances, disturb } from './disturbances.ts';
import { type ChaosListener, type Field, startListener } from './listener.ts';
import { type ChaosNode, startNode } from './node.ts';
import { freePorts } from './ports.ts';
import { cursorOf, listFiles, readLog, untilHeard } from './truth.ts';
import { judge, sum, type Verdict } from './verdict.ts';
import { KEY, makeWorkspace, type Workspace } from './workspace.ts';
import { startWriter, type Writer } from './writer.ts';

export interface ChaosOptions {
  database: 'postgres' | 'sqlite';
  /** One, unless the database can be shared. */
  nodes: number;
  clients: number;
  seconds: number;
  writers?: number;
  /** Told what it is about to do. */
  tell?: (line: string) => void;
}

export interface ChaosReport extends Verdict, Disturbances {
  acknowledged: number;
  /** Acknowledged, and yet not listed afterwards. */
  missing: number;
  /** Why uploads were not acknowledged, and how often. */
  refusals: Map<string, number>;
  /** Why listeners gave up, one line each. */
  gaveUp: string[];
  /** How often the listeners connected, together. */
  connections: number;
}

const TASKS = 6;

/**
 * Uploads to servers that are killed, drained, cut off and starved, while clients listen and come back. Afterwards
 * each client must have heard everything that it listens to exactly once, in the order of the log.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { tell = () => {}, seconds, clients } = options;
  await using stack = new AsyncDisposableStack();
  const nodes = await startNodes(stack, options);
  const anyNode = () => nodes[Math.floor(Math.random() * nodes.length)] as ChaosNode;
  const workspace = await makeWorkspace(anyNode(), TASKS);
  const listeners: ChaosListener[] = [];
  for (const options of await choices(workspace, anyNode(), clients)) {
    listeners.push(stack.use(startListener({ ...options, anyNode })));
  }
  tell(`${nodes.length} servers, ${listeners.length} listeners; ${seconds} seconds of disturbances begin`);

  const signal = AbortSignal.timeout(seconds * 1000);
  const writers = Array.from({ length: options.writers ?? 8 }, (_, index) =>
    startWriter(`w${index}`, { workspace, anyNode, pauseMs: 100, signal }),
  );
  const disturbances = await disturb({ nodes, listeners, signal });
  tell('the disturbances are over and every server runs');
  await Promise.all(writers.map((writer) => writer.ended));
  tell('the last upload was answered; waiting for the listeners to catch up');
  const acknowledged = writers.flatMap((writer) => writer.acknowledged);
  const { logs, listed } = await readTruth(workspace, anyNode(), listeners);
  const logOf = (listener: ChaosListener) => logs.get(listener.on) ?? [];
  await untilHeard(listeners, (listener) => logOf(listener).length, 30_000);
  await pause(1000); // for what is told twice
  return {
    ...sum(listeners.map((listener) => judge(logOf(listener), listener.heard))),
    ...disturbances,
    acknowledged: acknowledged.length,
    missing: acknowledged.filter(({ fileId }) => !listed.has(fileId)).length,
    refusals: countTogether(writers),
    gaveUp: listeners.flatMap((listener) => listener.gaveUp() ?? []),
    connections: listeners.reduce((count, listener) => count + listener.connections(), 0),
  };
}

async function startNodes(stack: AsyncDisposableStack, { database, nodes }: ChaosOptions): Promise<ChaosNode[]> {
  if (database === 'sqlite' && nodes > 1) throw new Error('Several servers cannot share SQLite.');
  const folder = await mkdtemp(join(tmpdir(), 'attache-chaos-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const [postgresPort, ...ports] = await freePorts(nodes + 1);
  const env: Record<string, string> = { DATA_DIR: folder, ATTACHE_ADMIN_KEY: KEY };
  if (database === 'postgres') {
    const postgres = stack.use(await startPostgres({ port: postgresPort as number, durable: true }));
    env.DATABASE_URL = stack.use(await postgres.createDatabase()).url;
  }
  const started: ChaosNode[] = [];
  for (const port of ports) started.push(stack.use(await startNode(port, env)));
  return started;
}

/** Half of the clients listen to the project, the others to its tasks in turn; all from where the log stands now. */
async function choices({ projectId, taskIds }: Workspace, node: ChaosNode, clients: number) {
  const cursors = new Map<string, string>();
  for (const on of [projectId, ...taskIds]) cursors.set(on, await cursorOf(node, on));
  return Array.from({ length: clients }, (_, index) => {
    const on = index % 2 === 0 ? projectId : (taskIds[((index - 1) / 2) % taskIds.length] as string);
    const field: Field = index % 3 === 0 ? 'fileEvents' : 'fileAdded';
    return { field, on, from: cursors.get(on) ?? '' };
  });
}

/**
 * What each topic has to tell since its listeners began, in the order of the log, and all that the tasks list. What is
 * listed and yet not in the log follows there, so that it counts as lost.
 */
async function readTruth({ projectId, taskIds }: Workspace, node: ChaosNode, listeners: readonly ChaosListener[]) {
  const files = new Map<string, string[]>();
  for (const taskId of taskIds) files.set(taskId, await listFiles(node, taskId));
  files.set(projectId, [...files.values()].flat());
  const logs = new Map<string, string[]>();
  for (const { on, from } of listeners) {
    if (!logs.has(on)) logs.set(on, [...new Set([...(await readLog(node, on, from)), ...(files.get(on) ?? [])])]);
  }
  return { logs, listed: new Set(files.get(projectId)) };
}

function countTogether(writers: readonly Writer[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [reason, count] of writers.flatMap((writer) => [...writer.refusals])) {
    counts.set(reason, (counts.get(reason) ?? 0) + count);
  }
  return counts;
}
