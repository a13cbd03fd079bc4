import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../support/ports.ts';
import { startPostgres } from '../support/postgres.ts';
import { listFiles, readLog, waitUntilReceived } from './expected-log.ts';
import { type FaultCounts, injectFaults } from './faults.ts';
import { type ChaosNode, startNode } from './node.ts';
import type { ChaosSubscriber } from './subscriber.ts';
import { startInitialSubscribers, startLateSubscribers } from './subscribers.ts';
import { judge, sum, type Verdict } from './verdict.ts';
import { KEY, makeWorkspace, type Workspace } from './workspace.ts';
import { startWriter, type Writer } from './writer.ts';

export interface ChaosOptions {
  database: 'postgres' | 'sqlite';
  /** More than one only with PostgreSQL, which nodes can share. */
  nodes: number;
  clients: number;
  seconds: number;
  /** Called with a line for each phase. */
  onProgress?: (line: string) => void;
}

export interface ChaosReport extends Verdict, FaultCounts {
  acknowledged: number;
  /** Acknowledged uploads that are not listed afterwards. */
  missing: number;
  /** Why uploads were not acknowledged, and how often. */
  failures: Map<string, number>;
  /** Why subscriptions were terminated, one line each. */
  terminated: string[];
  /** Connections of all subscribers together. */
  connections: number;
  /** How servers exited abnormally, with their logs. */
  abnormalExits: string[];
  slowestDrainMs: number;
}

const TASKS = 6;
const WRITERS = 8;

/**
 * Uploads to servers that are killed, drained, disconnected and slowed down, while clients
 * subscribe and resume. Compares what each subscriber received with the log.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { onProgress = () => {}, seconds, clients } = options;
  await using stack = new AsyncDisposableStack();
  const nodes = await startNodes(stack, options);
  const anyNode = () => nodes[Math.floor(Math.random() * nodes.length)] as ChaosNode;
  const workspace = await makeWorkspace(anyNode(), TASKS);
  const subscribersOptions = { workspace, clients, anyNode };
  const subscribers = await startInitialSubscribers(subscribersOptions);
  stack.defer(() => Promise.all(subscribers.map((subscriber) => subscriber[Symbol.asyncDispose]())).then(() => {}));
  onProgress(`${nodes.length} servers, ${subscribers.length} subscribers; injecting faults for ${seconds} seconds`);

  const signal = AbortSignal.timeout(seconds * 1000);
  const writers = Array.from({ length: WRITERS }, (_, index) =>
    startWriter(`w${index}`, { workspace, anyNode, pauseMs: 100, signal }),
  );
  const arrivals = startLateSubscribers(subscribersOptions, seconds * 1000, (subscriber) =>
    subscribers.push(subscriber),
  );
  const faultCounts = await injectFaults({ nodes, subscribers, signal });
  onProgress('all servers run again, without faults');
  await Promise.all([arrivals, ...writers.map((writer) => writer.ended)]);
  onProgress('the last upload has a response; waiting for the subscribers to catch up');
  const acknowledged = writers.flatMap((writer) => writer.acknowledged);
  const { expected, listed } = await readExpected(workspace, anyNode(), subscribers);
  const expectedFor = (subscriber: ChaosSubscriber) => expected.get(subscriber) ?? [];
  await waitUntilReceived(subscribers, (subscriber) => expectedFor(subscriber).length, 30_000);
  await pause(1000); // so that late duplicates are counted
  for (const node of nodes) await node.restart('SIGTERM', 0); // a shutdown without faults
  return {
    ...sum(subscribers.map((subscriber) => judge(expectedFor(subscriber), subscriber.received))),
    ...faultCounts,
    acknowledged: acknowledged.length,
    missing: acknowledged.filter(({ fileId }) => !listed.has(fileId)).length,
    failures: sumFailures(writers),
    terminated: subscribers.flatMap((subscriber) => subscriber.terminationReason() ?? []),
    connections: subscribers.reduce((count, subscriber) => count + subscriber.connections(), 0),
    abnormalExits: nodes.flatMap((node) => node.abnormalExits),
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
 * The log that each subscriber must receive, and the files that the tasks list. Listed files that
 * are neither in the log nor in the list that the subscriber started from are appended, so that
 * they count as lost.
 */
async function readExpected(
  { projectId, taskIds }: Workspace,
  node: ChaosNode,
  subscribers: readonly ChaosSubscriber[],
) {
  const files = new Map<string, string[]>();
  for (const taskId of taskIds) files.set(taskId, (await listFiles(node, taskId)).ids);
  files.set(projectId, [...files.values()].flat());
  const logs = new Map<string, string[]>();
  const expected = new Map<ChaosSubscriber, string[]>();
  for (const subscriber of subscribers) {
    const { on, from, listed: seen } = subscriber;
    const log = logs.get(`${on} ${from}`) ?? (await readLog(node, on, from));
    logs.set(`${on} ${from}`, log);
    const known = new Set(seen);
    const unseen = (files.get(on) ?? []).filter((id) => !known.has(id));
    expected.set(subscriber, [...new Set([...log, ...unseen])]);
  }
  return { expected, listed: new Set(files.get(projectId)) };
}

function sumFailures(writers: readonly Writer[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [reason, count] of writers.flatMap((writer) => [...writer.failures])) {
    counts.set(reason, (counts.get(reason) ?? 0) + count);
  }
  return counts;
}
