import { expect, test } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { createPlace, placeOf } from '../support/database.ts';
import { type Explainer, openExplainer } from '../support/explain.ts';
import { uploadFile } from '../support/files.ts';
import { fillStore } from '../support/fill-store.ts';
import { recordedStatements, recordedWhile } from '../support/record-statements.ts';
import { startTestServer } from '../support/server.ts';

/** The tables that grow with every upload. */
const growing = new Set(['files', 'attachments', 'event_log', 'event_topics']);

/** Statements that may scan a growing table, and the reason. */
const allowed: [RegExp, string][] = [
  [/ like .+ escape |f\.(?:status|content_type|available|created_by_id|created_at) /, 'filters look at each file'],
  [/^select count\(\*\) as count from files f where f\.is_newest = /, 'counts all that the viewer may see'],
  [
    /^select count\(\*\) as count from attachments a where a\.(?:task|project)_id = /,
    'counts all within a task or project',
  ],
  [
    /exists \(select 1 from attachments h where h\.file_id = f\.id/,
    'checks for each file whether the viewer may see it',
  ],
  [
    /^delete from (?:files|attachments)$|^select id from files for update$|^update event_topics set files = 0, drafts = 0$|^select .f0.\.\* from .files. as .f0. order by .f0.\..id. asc$/,
    'sent by tests',
  ],
  [/^delete from event_log where id in \(select id from \(/, 'reads the 5,000 oldest events at a time'],
  [
    /^insert into .users. \([^)]+\) values /,
    'plans a search for files that refer to the new user, for deferred references, of which there are none',
  ],
  [/^select .a0.\.\*, .f1.\..+ limit (?:\?|\d+)$/s, 'removes all of a place, 200 files at a time'],
  [/^update event_log set xid/, 'runs once, when a server starts'],
  [/^select count\(distinct blob_key\) as keys from files where created_at </, 'runs once in a sweep'],
  [/from files f? ?(?:t )?where t?\.?id > (?:\?|\d+) order by/, 'verifies or sweeps everything, a batch at a time'],
];

/** Ignores statements on tables and columns that some tests rename or drop. */
function onlyMissing(error: Error): string[] {
  if (/no such (?:table|column)|does not exist/.test(error.message)) return [];
  throw error;
}

const walks = async (explainer: Explainer, statements: readonly string[]): Promise<string[]> => {
  const found: string[] = [];
  for (const sql of statements) {
    if (allowed.some(([pattern]) => pattern.test(sql))) continue;
    const tables = (await explainer.walksOf(sql).catch(onlyMissing)).filter((table) => growing.has(table));
    if (tables.length > 0) found.push(`${tables.join()}: ${sql}`);
  }
  return found;
};

/** The statements of the migrations. They run once, and have no use on a migrated database. */
async function ofMigrations(): Promise<Set<string>> {
  await using made = await createPlace();
  const statements = await recordedWhile(async () => {
    await using database = await openDatabase(made.place);
    await database.migrate();
  });
  return new Set(statements);
}

test('no recorded statement scans a growing table, before its first ANALYZE and after it', {
  timeout: 300_000,
}, async () => {
  const migrations = await ofMigrations();
  {
    await using used = await startTestServer();
    await uploadFile(used, 'Task:1', { name: 'one.txt', content: 'one' });
  }
  const statements = recordedStatements().filter((sql) => !migrations.has(sql));
  // In CI the statements of the folders in `test/support/setup.ts` are recorded as well. A run of
  // this file alone records at least those of one upload.
  expect(statements.length).toBeGreaterThan(process.env.CI ? 50 : 10);

  await using server = await startTestServer();
  await fillStore(server.dataDir, 50_000);
  await using explainer = await openExplainer(await placeOf(server.dataDir));
  expect(await walks(explainer, statements)).toEqual([]);
  await explainer.analyze();
  expect(await walks(explainer, statements)).toEqual([]);
});
