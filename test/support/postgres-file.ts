import { afterAll, beforeEach, inject } from 'vitest';
import { dropDatabases } from './database.ts';

// For each file of tests in the project `postgres`.
if (!inject('postgresTemplate')) beforeEach(({ skip }) => skip('PostgreSQL does not run here.'));
afterAll(dropDatabases);
