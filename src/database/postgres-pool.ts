import { type Driver, PostgresDialect, PostgresDriver, type TransactionSettings } from 'kysely';
import { type ClientConfig, Pool, types as pgTypes, TypeOverrides } from 'pg';
import { translatePostgresError } from './postgres-unavailable.ts';
import { translateErrors } from './translate-errors.ts';

/** How many connections one server holds at most. PostgreSQL itself takes 100 unless told otherwise. */
const MAX_CONNECTIONS = 10;
/** How long a query waits for a connection, and a connection for the other side. */
const CONNECT_MS = 10_000;

/** How a connection is opened. The URL is the driver's to read, so that all it knows (`sslmode`, a socket) works. */
export function connectionTo(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: 'attache',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  };
}

/**
 * Connections that heal: one that breaks, because PostgreSQL was restarted or a network was cut, fails what was under
 * way on it, and is replaced by another when that is needed.
 */
export function postgresDialect(url: string): PostgresDialect {
  const types = new TypeOverrides();
  types.setTypeParser(pgTypes.builtins.TIMESTAMPTZ, String); // MikroORM reads it itself
  const config = {
    async pool() {
      const pool = new Pool({ ...connectionTo(url), max: MAX_CONNECTIONS, types });
      // What breaks is told to whoever uses it. Without a listener, it would end the process as well.
      pool.on('connect', (client) => client.on('error', () => {}));
      pool.on('error', () => {});
      return pool;
    },
  };
  return new (class extends PostgresDialect {
    override createDriver(): Driver {
      return new HealingDriver(config);
    }
  })(config);
}

/** Gives a broken connection back to the pool, which throws it away. Kysely would keep its place for ever. */
class HealingDriver extends PostgresDriver {
  readonly #acquiring = new Set<Promise<unknown>>();

  override acquireConnection(...options: Parameters<PostgresDriver['acquireConnection']>) {
    const acquired = this.#open(...options);
    this.#acquiring.add(acquired);
    const forget = () => this.#acquiring.delete(acquired);
    acquired.then(forget, forget);
    return acquired;
  }

  async #open(...options: Parameters<PostgresDriver['acquireConnection']>) {
    try {
      return translateErrors(await super.acquireConnection(...options), translatePostgresError);
    } catch (error) {
      throw translatePostgresError(error);
    }
  }

  /**
   * Kysely forgets its pool before it ends it: whoever was just being given a connection would not get it, nor could
   * it be given back, and the pool waits for all of them.
   */
  override async destroy(): Promise<void> {
    await Promise.allSettled(this.#acquiring);
    await super.destroy();
  }

  override async beginTransaction(connection: never, settings: TransactionSettings): Promise<void> {
    try {
      await super.beginTransaction(connection, settings);
    } catch (error) {
      await this.releaseConnection(connection);
      throw error;
    }
  }

  override async rollbackTransaction(connection: never): Promise<void> {
    // A connection on which this fails is gone, and with it what was to be rolled back.
    await super.rollbackTransaction(connection).catch(() => {});
  }
}
