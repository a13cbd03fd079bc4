import type { Writable } from 'node:stream';
import { CompiledQuery, type DatabaseConnection, type Kysely, type QueryResult } from 'kysely';
import type { ClientBase } from 'pg';
import type { EntityManager } from './database.ts';
import { isPostgres } from './dialect.ts';

/**
 * Statements of a transaction whose results are not needed yet. PostgreSQL gets the next statement
 * without a wait for them, so that a transaction that others wait for ends sooner.
 * https://node-postgres.com/features/pipelining
 */
const unawaited = new WeakSet<CompiledQuery>();

/** Marks a statement as one whose result is not needed yet. */
export function asUnawaited<Query extends CompiledQuery>(query: Query): Query {
  unawaited.add(query);
  return query;
}

/**
 * Executes a statement whose result is not needed yet, in the caller's transaction. On PostgreSQL,
 * the next statement throws its error, or the commit, and the returned rows are there when the next
 * statement, or the commit, has its result.
 */
export async function executeUnawaited<Row = unknown>(
  em: EntityManager,
  sql: string,
  params: readonly unknown[],
): Promise<readonly Row[]> {
  const transaction = em.getTransactionContext<Kysely<unknown>>();
  if (!transaction || !isPostgres(em)) return em.execute<Row[]>(sql, [...params]);
  const checked = em.config.get('onQuery')(sql, params);
  const text = em.getPlatform().formatQuery(checked, params);
  return (await transaction.executeQuery<Row>(asUnawaited(CompiledQuery.raw(text)))).rows;
}

/**
 * Makes a client send the statements of one turn of the event loop together: each write to a socket
 * costs about as much as all else that is done for a statement here.
 */
export function sendTogether(client: ClientBase): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  const { prototype } = client.constructor as unknown as { prototype: { query(...args: unknown[]): unknown } };
  let isCorked = false;
  const queryTogether = (...args: unknown[]) => {
    if (!isCorked) {
      isCorked = true;
      stream.cork();
      process.nextTick(() => {
        isCorked = false;
        stream.uncork();
      });
    }
    return prototype.query.apply(client, args);
  };
  Object.assign(client, { query: queryTogether });
}

/** What was sent on a connection without waiting for it. */
interface Pipeline {
  /** They never reject. */
  sent: Promise<void>[];
  failure: { error: unknown } | undefined;
}

const pipelines = new WeakMap<DatabaseConnection, Pipeline>();

/**
 * Makes a connection wait only for the statements whose results are needed. The connection itself
 * is changed, once; see `translateErrors`.
 */
export function pipelineStatements(connection: DatabaseConnection): DatabaseConnection {
  if (pipelines.has(connection)) return connection;
  const pipeline: Pipeline = { sent: [], failure: undefined };
  pipelines.set(connection, pipeline);
  const execute = connection.executeQuery.bind(connection) as (...args: unknown[]) => Promise<QueryResult<unknown>>;
  const executeQuery = async (...args: [CompiledQuery, ...unknown[]]) => {
    const result = execute(...args);
    if (unawaited.has(args[0])) {
      const rows: unknown[] = [];
      const fill = (found: QueryResult<unknown>) => void rows.push(...found.rows);
      const fail = (error: unknown) => {
        pipeline.failure ??= { error };
      };
      pipeline.sent.push(result.then(fill, fail));
      return { rows };
    }
    await Promise.allSettled([result, ...pipeline.sent.splice(0)]);
    const { failure } = pipeline;
    pipeline.failure = undefined;
    // The first failure is the cause: after it, PostgreSQL refuses the rest of the transaction.
    if (failure) throw failure.error;
    return result;
  };
  return Object.assign(connection, { executeQuery });
}

/** Discards the failure of unawaited statements, before what they did is rolled back. */
export async function discardFailure(connection: DatabaseConnection): Promise<void> {
  const pipeline = pipelines.get(connection);
  if (!pipeline) return;
  await Promise.all(pipeline.sent.splice(0));
  pipeline.failure = undefined;
}
