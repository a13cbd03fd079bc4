import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { attach, uploadFile, uploadFiles } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

test('counts include only the files that the viewer may see, and the usage of a project is the same for all members', async () => {
  await using server = await startTestServer();
  const vera = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const own = 'mutation { createProject(input: { title: "P" }) { project { id } } }';
  const { createProject } = await ask<{ createProject: { project: { id: string } } }>(server, own, {}, vera.key);
  const { id } = createProject.project;
  const shown = await uploadFile(server, 'Task:1', 'seen');
  const draft = await uploadFile(server, 'Task:1', 'draft', { available: false });
  await attach(server, id, [draft.id]);
  expect((await attach(server, id, [shown.id], vera.key)).filesCount).toBe(1);
  expect((await uploadFiles(server, id, ['own'], {}, vera.key)).filesCount).toBe(2);
  expect((await attach(server, id, [shown.id])).filesCount).toBe(3);

  const query = `{ project(id: "${id}") { usedFiles usedBytes files { totalCount nodes { name } } } files { totalCount } }`;
  const data = await ask<Record<string, never>>(server, query, {}, vera.key);
  expect(data).toEqual({
    project: {
      usedFiles: 3,
      usedBytes: 'seen'.length + 'draft'.length + 'own'.length,
      files: { totalCount: 2, nodes: [{ name: 'seen' }, { name: 'own' }] },
    },
    files: { totalCount: 2 },
  });
});
