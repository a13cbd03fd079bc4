import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

// Tests make thousands of folders and databases. In memory they wait for no disk; where there is
// little of it, as in
// most containers, they use the disk.
const MEMORY = '/dev/shm';
if (!process.env.TMPDIR && freeBytes(MEMORY) > 4 * 1024 ** 3) process.env.TMPDIR = MEMORY;

// Servers that are processes of their own start in half the time.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'attache-compile-cache');

/**
 * Where each file of tests leaves the statements that its servers sent, for the tests of their
 * plans.
 */
process.env.ATTACHE_TEST_STATEMENTS ??= join(tmpdir(), `attache-statements-${process.pid}`);

const all = ['test/**/*.test.ts'];

/**
 * `*.postgres.test.ts` is about PostgreSQL alone, and so on. CONTRIBUTING.md explains each kind.
 */
const only = (...kinds: string[]) => kinds.map((kind) => `test/**/*.${kind}.test.ts`);

/**
 * Rules, events, the older APIs and the database itself are tested on both databases each time. Of
 * the tokens of identity providers, only what they store is. Left to the full run are the long
 * files of Kanboard and one of ONLYOFFICE, whose SQL others run as well, and on PostgreSQL what
 * compares many lists or waits for timers.
 */
const rulesAndEvents = [
  'test/{auth,events,database}/**/!(*.long|*.full|jwt-*|list-parity|dead-connections).test.ts',
  'test/legacy/**/!(*.long|*.full|kanboard|onlyoffice-attach).test.ts',
  'test/auth/jwt/jwt-users.test.ts',
  ...only('postgres'),
];

/** What never opens a database, or SQLite alone, has nothing to say about the second. */
const withoutDatabase = [
  'test/architecture.test.ts',
  'test/config.test.ts',
  'test/config-jwt.test.ts',
  'test/auth/permissions.test.ts',
  'test/clients/package/retry.test.ts',
  'test/commands/package.full.test.ts',
  'test/commands/return-memory.full.test.ts',
  'test/deploy/{compose,configuration,dockerfile,image.full,kubernetes}.test.ts',
  'test/clients/package/scalars.test.ts',
  'test/conformance/relay.test.ts',
  'test/events/chaos-verdict.test.ts',
  'test/files/file-name.test.ts',
  'test/files/inspect/*.test.ts',
  'test/http/graphql/query-cache.test.ts',
  'test/schema/descriptions.test.ts',
  'test/security/log-limit.test.ts',
  'test/storage/*.test.ts',
];

/** The page, the package and the examples know a server by its API alone. */
const clientsOnly = ['test/web/**', 'test/clients/package/**', 'test/clients/examples.*'];

const notOnPostgres = [...withoutDatabase, ...clientsOnly, ...only('sqlite*', 'watchdog', 'plans')];
const notOnSqlite = only('postgres*');

const setupFiles = 'test/support/setup.ts';
const onSqlite = {
  name: 'sqlite',
  setupFiles,
  globalSetup: 'test/support/sqlite-setup.ts',
  provide: { database: 'sqlite' as const },
};
const onPostgres = {
  name: 'postgres',
  setupFiles,
  globalSetup: 'test/support/postgres-setup.ts',
  provide: { database: 'postgres' as const },
};

/**
 * One project after the other: a process that runs tests is kept for the next file of its own
 * project alone.
 */
const inOrder = (projects: TestProjectInlineConfiguration['test'][]): TestProjectInlineConfiguration[] =>
  projects.map((test, groupOrder) => ({ extends: true, test: { ...test, sequence: { groupOrder } } }));

/** `npm test`. */
const quick = inOrder([
  { ...onPostgres, include: rulesAndEvents, exclude: notOnPostgres },
  { ...onSqlite, include: all, exclude: [...notOnSqlite, ...only('watchdog', 'plans', 'full')] },
  // Explains what the tests before made servers ask their databases.
  { ...onSqlite, name: 'plans-sqlite', include: only('plans') },
]);

/** `npm run test:full`: what `npm test` leaves out, and at length what it runs in short. */
const full = inOrder([
  { ...onPostgres, include: all, exclude: [...notOnPostgres, ...rulesAndEvents] },
  { ...onSqlite, include: only('long', 'full'), exclude: notOnSqlite },
  { ...onPostgres, name: 'plans-postgres', include: only('plans') },
  {
    ...onSqlite,
    // Measures how a server under attack answers others: alone, so that no other test takes its
    // processor.
    name: 'watchdog',
    include: only('watchdog'),
    maxWorkers: 1,
    fileParallelism: false,
    // What an attack does to the server, it does each time; what the machine does, it does once.
    retry: 2,
  },
]);

export default defineConfig(({ mode }) => ({
  // As Node takes it. Vite would take its ESM half, while the packages that use it take the
  // CommonJS one, and each
  // refuses the schemas and errors of the other.
  resolve: {
    alias: [
      { find: /^graphql$/, replacement: 'graphql/index.js' },
      // The package's sources instead of its build.
      { find: /^attache-client\/(\w+)$/, replacement: `${import.meta.dirname}/packages/attache-client/src/$1.ts` },
    ],
  },
  test: {
    // Real servers, sockets and disks: generous, because a clock decides nothing here.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    pool: 'forks',
    // The modules of the server take longer to load than most files of tests to run: load them once
    // per process.
    isolate: false,
    // Some wait for timers while others compute. Those of the full run load the machine more.
    maxWorkers: mode === 'full' ? 3 : 4,
    provide: { full: mode === 'full' },
    projects: mode === 'full' ? full : quick,
  },
}));

function freeBytes(folder: string): number {
  if (!existsSync(folder)) return 0;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
