import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PostgresDialect,
  PostgresDriver,
  type TransactionSettings,
} from 'kysely';
import { type ClientBase, type ClientConfig, Pool, types as pgTypes, TypeOverrides } from 'pg';
import { asUnawaited, discardFailure, pipelineStatements, sendTogether } from './pipeline.ts';
import { translatePostgresError } from './postgres-unavailable.ts';
import { translateErrors } from './translate-errors.ts';

/**
 * How many connections one server holds at most. PostgreSQL itself accepts 100 by default.
 */
const MAX_CONNECTIONS = 10;
/** A scan takes one processor, and leaves the others to pages. */
const ONE_PROCESS = 'set max_parallel_workers_per_gather = 0';
/** How long a query waits for a connection, and a connection for the other side. */
const CONNECT_MS = 10_000;

/**
 * How a connection is opened. The driver parses the URL, so that all it supports (`sslmode`, a
 * socket) works.
 */
export function connectionTo(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: 'attache',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  };
}

/**
 * A pool that replaces broken connections. One that breaks, because PostgreSQL was restarted or a
 * network was cut, fails its statement, and the next that needs a connection gets another.
 */
export function postgresDialect(url: string): PostgresDialect {
  const types = new TypeOverrides();
  types.setTypeParser(pgTypes.builtins.TIMESTAMPTZ, String); // MikroORM reads it itself
  // The pool waits for it before it gives out a connection.
  const onConnect = (client: ClientBase) => client.query(ONE_PROCESS);
  const config = {
    async pool() {
      const pool = new Pool({ ...connectionTo(url), max: MAX_CONNECTIONS, types, onConnect, pipeline: true });
      // The statement under way fails with the error. Without a listener, it would end the process
      // as well.
      pool.on('connect', (client) => {
        client.on('error', () => {});
        sendTogether(client);
      });
      pool.on('error', () => {});
      return pool;
    },
  };
  return new (class extends PostgresDialect {
    override createDriver(): Driver {
      return new ReconnectingDriver(config);
    }
  })(config);
}

type SavepointArguments = Parameters<PostgresDriver['savepoint']>;

/** Compiles statements whose results are not needed. */
const unawaited =
  (compile: SavepointArguments[2]): SavepointArguments[2] =>
  (...query) =>
    asUnawaited(compile(...query));

/** Returns a broken connection to the pool, which discards it. Kysely would never release it. */
class ReconnectingDriver extends PostgresDriver {
  readonly #acquiring = new Set<Promise<unknown>>();
  /** The last savepoint of each name, of the transactions that have had any. */
  readonly #savepoints = new WeakMap<DatabaseConnection, Map<string, string>>();
  #nextSavepoint = 1;

  override acquireConnection(...options: Parameters<PostgresDriver['acquireConnection']>) {
    const acquired = this.#open(...options);
    this.#acquiring.add(acquired);
    const forget = () => this.#acquiring.delete(acquired);
    acquired.then(forget, forget);
    return acquired;
  }

  async #open(...options: Parameters<PostgresDriver['acquireConnection']>) {
    try {
      return pipelineStatements(translateErrors(await super.acquireConnection(...options), translatePostgresError));
    } catch (error) {
      throw translatePostgresError(error);
    }
  }

  /**
   * Kysely drops its reference to the pool before it ends it: a connection that is being acquired
   * would neither arrive nor be released, and the pool waits for all of them.
   */
  override async destroy(): Promise<void> {
    await Promise.allSettled(this.#acquiring);
    await super.destroy();
  }

  override async beginTransaction(connection: never, settings: TransactionSettings): Promise<void> {
    if (settings.isolationLevel || settings.accessMode) throw new Error('Transactions have no settings.');
    await (connection as DatabaseConnection).executeQuery(asUnawaited(CompiledQuery.raw('begin')));
  }

  override async savepoint(...[connection, name, compile]: SavepointArguments): Promise<void> {
    const names = this.#savepoints.get(connection) ?? new Map();
    this.#savepoints.set(connection, names);
    // Each has another name: when one failed unnoticed, the rollback of the next must not find it.
    names.set(name, `${name}_${this.#nextSavepoint++}`);
    await super.savepoint(connection, this.#nameOf(connection, name), unawaited(compile));
  }

  /** When it fails, so does every statement after it, and the commit. */
  override async releaseSavepoint(...[connection, name, compile]: SavepointArguments): Promise<void> {
    await super.releaseSavepoint(connection, this.#nameOf(connection, name), unawaited(compile));
  }

  override async rollbackToSavepoint(...[connection, name, compile]: SavepointArguments): Promise<void> {
    await discardFailure(connection);
    await super.rollbackToSavepoint(connection, this.#nameOf(connection, name), compile);
  }

  #nameOf(connection: DatabaseConnection, name: string): string {
    return this.#savepoints.get(connection)?.get(name) ?? name;
  }

  /**
   * PostgreSQL answers the commit of a failed transaction with a rollback, and no error. Where one
   * part of a transaction may fail alone, a statement before the commit shows that the rest did
   * not.
   */
  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    if (!this.#savepoints.delete(connection)) return super.commitTransaction(connection as never);
    await connection.executeQuery(CompiledQuery.raw('select 1; commit'));
  }

  override async rollbackTransaction(connection: never): Promise<void> {
    this.#savepoints.delete(connection);
    await discardFailure(connection);
    // A connection on which this fails is closed, and its transaction was rolled back with it.
    await super.rollbackTransaction(connection).catch(() => {});
  }
}
