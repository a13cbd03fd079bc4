import { afterAll, beforeAll, beforeEach, expect, inject } from 'vitest';
import { dropDatabases, kind } from './database.ts';
import { clearStatements, saveStatements } from './record-statements.ts';

// Runs before each file of tests, in a process that may have run others.

if (kind === 'postgres' && !inject('postgresTemplate')) beforeEach(({ skip }) => skip('PostgreSQL does not run here.'));

/** The folders whose statements are explained by `test/database/database.plans.test.ts`: what most requests ask. */
const RECORDED = /\/test\/(?:uploads|attachments|files)\//;

beforeAll(clearStatements);
afterAll(async () => {
  if (RECORDED.test(expect.getState().testPath ?? '')) saveStatements();
  await dropDatabases();
});
