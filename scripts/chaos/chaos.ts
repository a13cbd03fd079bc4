import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../support/ports.ts';
import { startPostgres } from '../support/postgres.ts';
import { arrive, gather } from './audience.ts';
import { type Disturbances, disturb } from './disturbances.ts';
import type { ChaosListener } from './listener.ts';
import { type ChaosNode, startNode } from './node.ts';
import { listFiles, readLog, untilHeard } from './truth.ts';
import { judge, sum, type Verdict } from './verdict.ts';
import { KEY, makeWorkspace, type Workspace } from './workspace.ts';
import { startWriter, type Writer } from './writer.ts';

export interface ChaosOptions {
  database: 'postgres' | 'sqlite';
  /** One, unless the database can be shared. */
  nodes: number;
  clients: number;
  seconds: number;
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
  /** How servers ended otherwise than they should have. */
  faults: string[];
  slowestDrainMs: number;
}

const TASKS = 6;
const WRITERS = 8;

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
  const audience = { workspace, clients, anyNode };
  const listeners = await gather(audience);
  stack.defer(() => Promise.all(listeners.map((listener) => listener[Symbol.asyncDispose]())).then(() => {}));
  tell(`${nodes.length} servers, ${listeners.length} listeners; ${seconds} seconds of disturbances begin`);

  const signal = AbortSignal.timeout(seconds * 1000);
  const writers = Array.from({ length: WRITERS }, (_, index) =>
    startWriter(`w${index}`, { workspace, anyNode, pauseMs: 100, signal }),
  );
  const arrivals = arrive(audience, seconds * 1000, (listener) => listeners.push(listener));
  const disturbances = await disturb({ nodes, listeners, signal });
  tell('the disturbances are over and every server runs');
  await Promise.all([arrivals, ...writers.map((writer) => writer.ended)]);
  tell('the last upload was answered; waiting for the listeners to catch up');
  const acknowledged = writers.flatMap((writer) => writer.acknowledged);
  const { truths, listed } = await readTruth(workspace, anyNode(), listeners);
  const truthOf = (listener: ChaosListener) => truths.get(listener) ?? [];
  await untilHeard(listeners, (listener) => truthOf(listener).length, 30_000);
  await pause(1000); // for what is told twice
  for (const node of nodes) await node.restart('SIGTERM', 0); // how it ends, when all is calm
  return {
    ...sum(listeners.map((listener) => judge(truthOf(listener), listener.heard))),
    ...disturbances,
    acknowledged: acknowledged.length,
    missing: acknowledged.filter(({ fileId }) => !listed.has(fileId)).length,
    refusals: countTogether(writers),
    gaveUp: listeners.flatMap((listener) => listener.gaveUp() ?? []),
    connections: listeners.reduce((count, listener) => count + listener.connections(), 0),
    faults: nodes.flatMap((node) => node.faults),
    slowestDrainMs: Math.max(...nodes.map((node) => node.slowestDrainMs)),
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

/**
 * What each listener has to hear, in the order of the log, and all that the tasks list. What is listed, was not seen
 * there by the listener when it began, and is yet not in the log, follows, so that it counts as lost.
 */
async function readTruth({ projectId, taskIds }: Workspace, node: ChaosNode, listeners: readonly ChaosListener[]) {
  const files = new Map<string, string[]>();
  for (const taskId of taskIds) files.set(taskId, (await listFiles(node, taskId)).ids);
  files.set(projectId, [...files.values()].flat());
  const logs = new Map<string, string[]>();
  const truths = new Map<ChaosListener, string[]>();
  for (const listener of listeners) {
    const { on, from, seen } = listener;
    const log = logs.get(`${on} ${from}`) ?? (await readLog(node, on, from));
    logs.set(`${on} ${from}`, log);
    const known = new Set(seen);
    const unseen = (files.get(on) ?? []).filter((id) => !known.has(id));
    truths.set(listener, [...new Set([...log, ...unseen])]);
  }
  return { truths, listed: new Set(files.get(projectId)) };
}

function countTogether(writers: readonly Writer[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [reason, count] of writers.flatMap((writer) => [...writer.refusals])) {
    counts.set(reason, (counts.get(reason) ?? 0) + count);
  }
  return counts;
}
