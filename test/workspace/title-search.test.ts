import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { removeData, runSql } from '../support/database.ts';
import { kinds } from '../support/entity-kinds.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** The titles of the projects or entities whose title contains a text, and their number. */
async function search(server: TestServer, list: string, text: string, key = server.key): Promise<string[]> {
  const query = `query ($text: String!) {
    list: ${list}(filter: { titleContains: $text }, first: 50) { totalCount nodes { title } }
  }`;
  const found = await ask<{ list: { totalCount: number; nodes: { title: string }[] } }>(server, query, { text }, key);
  expect(found.list.totalCount).toBe(found.list.nodes.length);
  return found.list.nodes.map(({ title }) => title);
}

const createProject = (server: TestServer, title: string, key?: string) =>
  ask<{ createProject: { project: { id: string } } }>(
    server,
    'mutation ($title: String!) { createProject(input: { title: $title }) { project { id } } }',
    { title },
    key,
  ).then(({ createProject }) => createProject.project.id);

test('projects are found by a part of their title, ignoring case, by their members alone', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const id = await createProject(server, 'GRÜSSE 100%', bob.key);
  await createProject(server, 'grüße');
  expect(await search(server, 'projects', 'grü')).toEqual(['GRÜSSE 100%', 'grüße']);
  expect(await search(server, 'projects', 'grü', bob.key)).toEqual(['GRÜSSE 100%']);
  expect(await search(server, 'projects', '%', bob.key)).toEqual(['GRÜSSE 100%']);
  expect(await search(server, 'projects', '_', bob.key)).toEqual([]);
  expect(await search(server, 'projects', '', bob.key)).toEqual(['GRÜSSE 100%']);
  const rename = `mutation { updateProject(input: { projectId: "${id}", title: "Ελλάς" }) { project { id } } }`;
  await ask(server, rename, {}, bob.key);
  expect(await search(server, 'projects', 'ΕΛΛΆΣ', bob.key)).toEqual(['Ελλάς']);
  expect(await search(server, 'projects', 'grüsse', bob.key)).toEqual([]);
});

describe.each(Object.entries(kinds))('%s', (type, { create, update }) => {
  const list = `entities(type: ${type.toUpperCase()}`;
  const found = (server: TestServer, text: string, key?: string) => {
    const query = `query ($text: String!) { list: ${list}, filter: { titleContains: $text }) { totalCount nodes { title } } }`;
    return ask<{ list: { nodes: { title: string }[] } }>(server, query, { text }, key).then((data) =>
      data.list.nodes.map(({ title }) => title),
    );
  };

  test('is found by a part of its title by those who may see it', async () => {
    await using server = await startTestServer();
    const [bob, cleo] = [await newPerson(server, 'Bob'), await newPerson(server, 'Cleo')];
    const shared = await create(server, { title: 'Öffentlich' }, bob.key);
    await create(server, { title: 'öffnet nur Bob', isPrivate: true }, bob.key);
    await create(server, { title: 'Öffnet Cleo', isPrivate: true, accessList: [{ userId: cleo.id }] }, bob.key);
    expect(await found(server, 'öff')).toEqual(['Öffentlich', 'öffnet nur Bob', 'Öffnet Cleo']);
    expect(await found(server, 'ÖFF', bob.key)).toEqual(['Öffentlich', 'öffnet nur Bob', 'Öffnet Cleo']);
    expect(await found(server, 'öff', cleo.key)).toEqual(['Öffentlich', 'Öffnet Cleo']);
    await update(server, shared, { title: 'Renamed' }, bob.key);
    expect(await found(server, 'öff', cleo.key)).toEqual(['Öffnet Cleo']);
    expect(await found(server, 'RENAMED', cleo.key)).toEqual(['Renamed']);
  });
});

test('a page of found entities spans their types', async () => {
  await using server = await startTestServer();
  for (const { create } of [kinds.Case, kinds.Contact, kinds.Opportunity]) await create(server, { title: 'Spans' });
  expect(await search(server, 'entities', 'spans')).toEqual(['Spans', 'Spans', 'Spans']);
});

test('the migration fills the search keys of titles from before', async () => {
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'attache-title-keys-'));
  try {
    {
      await using server = await startTestServer({ DATA_DIR });
      await createProject(server, 'Ältere Projekte');
      for (const { create } of Object.values(kinds)) await create(server, { title: 'Ältere Sache' });
    }
    for (const table of ['projects', 'contacts', 'opportunities', 'cases'])
      await runSql(DATA_DIR, `alter table ${table} drop column title_key`);
    await runSql(DATA_DIR, `delete from migrations where name = '0025-title-keys'`);
    await using server = await startTestServer({ DATA_DIR });
    expect(await search(server, 'projects', 'ältere')).toEqual(['Ältere Projekte']);
    expect(await search(server, 'entities', 'ältere')).toHaveLength(3);
  } finally {
    await removeData(DATA_DIR);
  }
});
