import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Where each file of tests leaves the statements that its servers sent, for the tests of their plans. */
process.env.ATTACHE_TEST_STATEMENTS ??= join(tmpdir(), `attache-statements-${process.pid}`);

/** What never opens a database has nothing to say about the second. */
const withoutDatabase = [
  'test/architecture.test.ts',
  'test/config.test.ts',
  'test/files/inspect/content-type.test.ts',
  'test/schema/descriptions.test.ts',
  'test/files/inspect/dimensions.test.ts',
  'test/files/file-name.test.ts',
  'test/security/log-limit.test.ts',
  'test/http/graphql/query-cache.test.ts',
  'test/auth/permissions.test.ts',
  'test/events/chaos-verdict.test.ts',
  'test/conformance/relay.test.ts',
  'test/storage/*.test.ts',
];

const all = ['test/**/*.test.ts'];

/** The tests that are about one of the databases say so in their names. */
const only = (what: string) => `test/**/*.${what}.test.ts`;

export default defineConfig({
  // As Node takes it. Vite would take its ESM half, while the packages that use it take the CommonJS one, and each
  // refuses the schemas and errors of the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    // Real servers, sockets and disks: generous, because a clock decides nothing here.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        // One project after the other: the last of the one take all of the processor, which a browser of the next would wait for.
        test: {
          name: 'sqlite',
          include: all,
          exclude: [only('postgres'), only('watchdog'), only('plans')],
          setupFiles: 'test/support/record-statements.ts',
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: all,
          sequence: { groupOrder: 0 },
          exclude: [...withoutDatabase, only('sqlite'), only('watchdog'), only('plans')],
          globalSetup: 'test/support/postgres-setup.ts',
          setupFiles: ['test/support/postgres-file.ts', 'test/support/record-statements.ts'],
        },
      },
      // Explains what the tests of files, before it, made servers ask their databases.
      { extends: true, test: { name: 'plans-sqlite', include: [only('plans')], sequence: { groupOrder: 3 } } },
      {
        extends: true,
        test: {
          name: 'plans-postgres',
          include: [only('plans')],
          sequence: { groupOrder: 4 },
          globalSetup: 'test/support/postgres-setup.ts',
          setupFiles: 'test/support/postgres-file.ts',
        },
      },
      {
        extends: true,
        // Measures how a server under attack answers others: alone, so that no other test takes its processor.
        test: {
          name: 'watchdog',
          include: [only('watchdog')],
          maxWorkers: 1,
          fileParallelism: false,
          // What an attack does to the server, it does each time; what the machine does, it does once.
          retry: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
