import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createDatabase, query } from '../../scripts/support/postgres.ts';
import { User } from '../../src/database/entities/index.ts';
import { openDatabase } from '../../src/database/open.ts';
import { ConflictError } from '../../src/errors.ts';
import { createPostgresDatabase } from '../support/database.ts';
import { listAll } from '../support/durability-files.ts';
import { testInFull } from '../support/length.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const person = (displayName: string) => ({ displayName, email: null, isAdmin: false, createdAt: new Date() });
const elsewhere = (url: string, parts: Partial<URL>) => Object.assign(new URL(url), parts).href;
const nameOf = (url: string) => new URL(url).pathname.slice(1);

/** Terminates every connection to the database, as a restart of PostgreSQL does. */
const disconnect = (url: string) =>
  query(
    elsewhere(url, { pathname: 'postgres' }),
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${nameOf(url)}'`,
  );

async function isReady({ graphqlUrl }: ServerProcess): Promise<boolean> {
  return (await fetch(`${new URL(graphqlUrl).origin}/health/ready`)).ok;
}

testInFull(
  'three servers that start at once on one empty database create one administrator and one workspace',
  async () => {
    await using folder = await temporaryFolder('postgres-test');
    await using made = await createPostgresDatabase('nothing');
    const env = { DATA_DIR: folder.path, DATABASE_URL: made.url, ATTACHE_SECRET: 'the same on all servers' };
    await using stack = new AsyncDisposableStack();
    const servers = await Promise.all(Array.from({ length: 3 }, () => startProcess(env)));
    for (const server of servers) stack.use(server);

    const keys = servers.flatMap((server) => /Administrator key\s+(\S+)/.exec(server.printed())?.[1] ?? []);
    expect(keys.length).toBe(1);
    for (const server of servers) expect(await listAll(server, keys[0])).toEqual([]);
    await using database = await openDatabase(made);
    const count = async (table: string) => (await database.em().execute(`select * from ${table}`)).length;
    expect([await count('users'), await count('projects'), await count('tasks'), await count('contacts')]).toEqual([
      1, 1, 2, 1,
    ]);
    expect(servers.map((server) => server.logged())).toEqual(['', '', '']);
  },
);

test('a server on PostgreSQL without ATTACHE_SECRET logs one warning', async () => {
  await using folder = await temporaryFolder('postgres-test');
  await using made = await createPostgresDatabase();
  await using server = await startProcess({ DATA_DIR: folder.path, DATABASE_URL: made.url });
  const lines = server.logged().trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 40, msg: expect.stringContaining('ATTACHE_SECRET') });
});

testInFull(
  'a server survives the loss of its connections, serves again when the database is back, and logs no password',
  async () => {
    await using folder = await temporaryFolder('postgres-test');
    await using made = await createPostgresDatabase();
    const env = { DATA_DIR: folder.path, DATABASE_URL: made.url, ATTACHE_ADMIN_KEY: 'the-key-of-the-test' };
    await using server = await startProcess({ ...env, LOG_LEVEL: 'trace' });
    const others = elsewhere(made.url, { pathname: 'postgres' });

    await query(others, `alter database ${nameOf(made.url)} allow_connections false`);
    await disconnect(made.url);
    await expect.poll(() => isReady(server)).toBe(false);
    await expect(listAll(server, env.ATTACHE_ADMIN_KEY)).rejects.toThrow();
    await query(others, `alter database ${nameOf(made.url)} allow_connections true`);
    await expect.poll(() => isReady(server)).toBe(true);
    expect(await listAll(server, env.ATTACHE_ADMIN_KEY)).toEqual([]);

    for (let round = 0; round < 3; round++) {
      const reading = Promise.allSettled(Array.from({ length: 20 }, () => listAll(server, env.ATTACHE_ADMIN_KEY)));
      await disconnect(made.url);
      await reading;
    }
    await expect.poll(() => listAll(server, env.ATTACHE_ADMIN_KEY).catch((error: Error) => error.message)).toEqual([]);
    await server.end('SIGTERM');

    const { password, host } = new URL(made.url);
    const output = server.printed() + server.logged();
    expect(output).toContain(`${host}/${nameOf(made.url)}`);
    expect([password, decodeURIComponent(password)].filter((secret) => output.includes(secret))).toEqual([]);
  },
);

test('transactions whose connections break return them to the pool', async () => {
  await using made = await createPostgresDatabase();
  await using database = await openDatabase(made);
  const breaking = () =>
    database.em().transactional(async (em) => {
      await em.persist(em.create(User, person('Ada'))).flush();
      await em.execute('select pg_terminate_backend(pg_backend_pid())');
    });
  for (let round = 0; round < 3; round++) {
    const broken = await Promise.allSettled(Array.from({ length: 15 }, breaking));
    expect(broken.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  }
  expect(await database.em().count(User)).toBe(0);
});

test('withExclusiveLock waits until the other holder has finished or lost its connection', async () => {
  await using made = await createPostgresDatabase();
  await using one = await openDatabase(made);
  await using other = await openDatabase(made);
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const events: string[] = [];
  const first = one.withExclusiveLock(async () => {
    begun.resolve();
    await end.promise;
    events.push('the first ended');
  });
  await begun.promise;
  const second = other.withExclusiveLock(async () => events.push('the second ran'));
  await pause(200);
  expect(events).toEqual([]);
  end.resolve();
  await Promise.all([first, second]);
  expect(events).toEqual(['the first ended', 'the second ran']);

  const disconnected = Promise.withResolvers<void>();
  const resume = Promise.withResolvers<void>();
  const third = one.withExclusiveLock(async () => {
    await disconnect(made.url);
    disconnected.resolve();
    await resume.promise;
  });
  await disconnected.promise;
  await other.withExclusiveLock(async () => events.push('a lost connection releases the lock'));
  resume.resolve();
  await third;
  expect(events).toContain('a lost connection releases the lock');
});

test('drift() reports a text column with another collation', async () => {
  await using made = await createPostgresDatabase();
  await using database = await openDatabase(made);
  expect(await database.drift()).toBe('');
  await query(made.url, 'alter table files alter column name_key type text collate "en-US-x-icu"');
  expect(await database.drift()).toContain('name_key');
});

test('the error for an unusable database names its address and the reason, without the password', async () => {
  await using made = await createPostgresDatabase();
  await using ascii = await createDatabase(
    elsewhere(made.url, { pathname: 'postgres' }),
    `template0 encoding 'SQL_ASCII' locale_provider libc locale 'C'`,
  );
  const { host, password } = new URL(made.url);
  const reasons = {
    [elsewhere(made.url, { password: 'guessed' })]: 'password authentication failed',
    [elsewhere(made.url, { pathname: 'nothing' })]: 'database "nothing" does not exist',
    [elsewhere(made.url, { port: '1' })]: 'ECONNREFUSED',
    [ascii.url]: `create it with "encoding 'UTF8'"`,
  };
  for (const [url, reason] of Object.entries(reasons)) {
    const error = await openDatabase({ kind: 'postgres', url }).catch((refusal: Error) => refusal);
    expect(error).toBeInstanceOf(ConflictError);
    const { message } = error as Error;
    expect(message).toContain(
      `The database at ${url.includes(host) ? host : '127.0.0.1:1'}/${nameOf(url)} cannot be used`,
    );
    expect(message).toContain(reason);
    expect(message).not.toContain(password);
  }
});
