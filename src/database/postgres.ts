import { type EntityMetadata, StringType, TextType } from '@mikro-orm/core';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { MikroORM } from '@mikro-orm/sql';
import { Client } from 'pg';
import { ConflictError, DatabaseUnavailableError } from '../errors.ts';
import type { Database } from './database.ts';
import { migrations } from './migrations/postgres/index.ts';
import { type DatabaseObserver, registerObserver } from './observer.ts';
import { ormOptions, preserveErrors, sharedDatabaseMethods } from './orm.ts';
import { openPostgresNotifier } from './postgres-notifier.ts';
import { connectionTo, postgresDialect } from './postgres-pool.ts';
import { enableGroups } from './transaction-groups.ts';

/** How long `withExclusiveLock` waits for others. */
const LOCK_TIMEOUT_MS = 60_000;
/**
 * The number of the advisory lock: "attache" in ASCII. PostgreSQL keeps advisory locks for each
 * database apart.
 */
const LOCK = '27431115939866725';
/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOCK_NOT_AVAILABLE = '55P03';
const OLDEST_VERSION = 14;

/**
 * Opens the PostgreSQL database at the URL, which has to exist. Throws `ConflictError` when it
 * cannot be used.
 */
export async function openPostgres(url: string, observer: DatabaseObserver = {}): Promise<Database> {
  const location = locationOf(url);
  const orm = await MikroORM.init({
    ...ormOptions(migrations),
    driver: PostgresOrmDriver,
    clientUrl: url,
    driverOptions: postgresDialect(url),
    discovery: { onMetadata: storeTextAsSqliteDoes },
  });
  try {
    await assertUsable(orm);
  } catch (error) {
    await orm.close(true);
    throw new ConflictError(`The database at ${location} cannot be used: ${reasonOf(error)}`, { cause: error });
  }
  enableGroups(orm.em.getDriver());
  registerObserver(orm.em.getDriver(), observer);
  return {
    ...sharedDatabaseMethods(orm),
    kind: 'postgres',
    location,
    withExclusiveLock: (work) => withLock(url, work),
    notifier: (onNotify) => openPostgresNotifier(url, onNotify),
    async sizeBytes() {
      const sql = 'select pg_database_size(current_database()) as bytes';
      const { bytes } = await orm.em.getConnection().execute<{ bytes: string }>(sql, [], 'get');
      return Number(bytes);
    },
    async check() {
      await orm.em.getConnection().execute('select 1');
    },
  };
}

class PostgresOrmDriver extends PostgreSqlDriver {
  override convertException(error: Error) {
    return preserveErrors(error, () => super.convertException(error));
  }
}

/** The part of the URL that may be shown: the rest may hold a password. */
function locationOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/**
 * Text of any length, compared byte by byte: lists that are read by key must not depend on the
 * language that the operator's database happens to sort by.
 */
function storeTextAsSqliteDoes(meta: EntityMetadata): void {
  for (const property of Object.values(meta.properties)) {
    const isText = textTypes.includes(property.type);
    if (isText) property.columnTypes = ['text'];
    if (isText || property.enum) property.collation = 'C';
  }
}

const textTypes: unknown[] = [StringType, TextType];

async function assertUsable(orm: MikroORM): Promise<void> {
  const { version, encoding } = await orm.em
    .getConnection()
    .execute<{ version: string; encoding: string }>(
      `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding`,
      [],
      'get',
    );
  const major = Math.floor(Number(version) / 10_000);
  if (major < OLDEST_VERSION) throw new Error(`it is PostgreSQL ${major}; ${OLDEST_VERSION} or later is needed.`);
  if (encoding !== 'UTF8') throw new Error(`its encoding is ${encoding}; create it with "encoding 'UTF8'".`);
}

/** When every address of a host refuses, Node's error has no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof DatabaseUnavailableError && error.cause) return reasonOf(error.cause);
  if (error instanceof AggregateError) return error.errors.map((one: Error) => one.message).join(', ');
  return error instanceof Error ? error.message : String(error);
}

/** The lock lives as long as its own connection, so it ends with the process, however that ends. */
async function withLock<Result>(url: string, work: () => Promise<Result>): Promise<Result> {
  const client = new Client(connectionTo(url));
  client.on('error', () => {}); // the work goes on; at its end there is nothing to unlock
  await client.connect();
  try {
    await client.query(`set lock_timeout to ${LOCK_TIMEOUT_MS}`);
    await client.query(`select pg_advisory_lock(${LOCK})`).catch((cause) => {
      if (cause.code !== LOCK_NOT_AVAILABLE) throw cause;
      throw new ConflictError(
        'Another server has been preparing the database for a minute. Start this one again later.',
        {
          cause,
        },
      );
    });
    return await work();
  } finally {
    await client.end();
  }
}
