import { afterAll, beforeAll, beforeEach, expect, inject } from 'vitest';
import { dropDatabases, kind } from './database.ts';
import { clearStatements, saveStatements } from './record-statements.ts';

// Runs before each test file, in a process that may have run others.

if (kind === 'postgres' && !inject('postgresTemplates'))
  beforeEach(({ skip }) => skip('PostgreSQL does not run here.'));

/**
 * The folders whose statements `test/database/database.plans.test.ts` explains: the most common
 * ones.
 */
const RECORDED = /\/test\/(?:uploads|attachments|files)\//;

beforeAll(clearStatements);
afterAll(async () => {
  if (RECORDED.test(expect.getState().testPath ?? '')) saveStatements();
  await dropDatabases();
});
