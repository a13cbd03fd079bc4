import SqliteDatabase from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { graphql } from './generated/index.ts';
import { createCategory } from './support/categories.ts';
import { createContact } from './support/entities.ts';
import { ask } from './support/files.ts';
import { newKey, newPerson } from './support/people.ts';
import { startTestServer, type TestServer } from './support/server.ts';
import { createTask, deleteTask, taskOf, taskTitles, updateTask } from './support/tasks.ts';
