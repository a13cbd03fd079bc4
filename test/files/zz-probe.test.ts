import { expect, test } from 'vitest';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { attach, codeOf, detach, fileOf, give, giveOne, names, say, tryGive, update, updateQuery } from './requests.ts';
import { newProject } from './usage.ts';

test('P1 viewer attaches to own project then approves / sees unavailable version', async () => {
  await using server = await startTestServer();
  const v = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const f0 = await giveOne(server, 'Task:1', 'v1 secret', { available: false });
  const f = await giveOne(server, 'Task:1', 'a', { status: 'PENDING', parentId: f0.id });
  const p = (await say<any>(server, 'mutation { createProject(input: { title: "Mine" }) { project { id } } }', {}, v.key)).createProject.project.id;
  console.log('attach', await attach(server, p, [f.id], v.key).then(() => 'ok', String));
  console.log('approve', await codeOf(server, updateQuery, { input: { fileId: f.id, status: 'APPROVED' } }, v.key));
  console.log('versions', (await fileOf(server, f.id, v.key)).versions);
  console.log('status for admin', (await fileOf(server, f.id)).status);
  console.log('replace', JSON.stringify((await tryGive(server, null, ['evil'], { parentId: f.id }, v.key)).errors), await names(server, 'Task:1'));
});
test('P2 ex-member replaces content', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const f = await giveOne(server, 'Task:1', 'a', {}, bob.key);
  await say(server, `mutation { removeProjectMember(input: { projectId: "Project:1", userId: "${bob.id}" }) { removedUserId } }`);
  console.log('ex-member', JSON.stringify((await tryGive(server, null, ['evil'], { parentId: f.id }, bob.key)).errors), await names(server, 'Task:1'));
});
test('P3 uploader of v1 after v2 by other, detached', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const f = await giveOne(server, 'Task:1', 'v1', {}, bob.key);
  const v2 = await giveOne(server, 'Task:1', 'v2', {parentId: f.id});
  await detach(server, 'Task:1', [f.id]);
  console.log('root', await names(server, null, undefined, bob.key), (await fileOf(server, f.id, bob.key)).versions.map(v=>v.version));
  console.log('attach by v1', await attach(server, 'Task:2', [f.id], bob.key).then((r) => r.files.map(x=>x.name), String), v2.id);
});
test('P4 unavailable v2 attached by viewer through v1', async () => {
  await using server = await startTestServer();
  const v = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const f = await giveOne(server, 'Task:1', 'v1');
  const v2 = await giveOne(server, 'Task:1', 'v2 hidden', { parentId: f.id, available: false });
  console.log('list for viewer', await names(server, 'Task:1', undefined, v.key), await codeOf(server, `{ file(id: "${f.id}") { id } }`, {}, v.key), await codeOf(server, `{ file(id: "${v2.id}") { id } }`, {}, v.key));
  const p = (await say<any>(server, 'mutation { createProject(input: { title: "Mine" }) { project { id } } }', {}, v.key)).createProject.project.id;
  console.log('attach', await attach(server, p, [f.id], v.key).then((r) => r.files.map((x) => x.name), String), await names(server, p, undefined, v.key).catch(String));
});
test('P5 session race', async () => {
  await using server = await startTestServer();
  const sessionToken = 's';
  const fin = 'mutation { finishUploadSession(input: { sessionToken: "s" }) { files { id } } }';
  const done: string[] = [];
  const all = Array.from({ length: 20 }, async (_, i) => {
    const f = await giveOne(server, 'Task:1', `${i}`, { sessionToken });
    if (i % 3 === 0) for (const x of (await server.query((await import('graphql')).parse(fin) as never) as any).data?.finishUploadSession.files ?? []) done.push(x.id);
    return f.id;
  });
  const ids = await Promise.all(all);
  for (const x of (await server.query((await import('graphql')).parse(fin) as never) as any).data?.finishUploadSession.files ?? []) done.push(x.id);
  expect(done.toSorted()).toEqual(ids.toSorted());
});
test('P6 v1 hidden newest removed etc', async () => {
  await using server = await startTestServer({ MAX_PROJECT_FILES: '3' });
  const p = await newProject(server);
  const f = await giveOne(server, 'Task:1', 'a');
  await attach(server, p, [f.id]);
  await give(server, p, ['x', 'y']);
  // p full in files; version to f fine
  console.log('v', JSON.stringify((await give(server, 'Task:1', ['b'], { parentId: f.id })).errors));
  console.log(await update(server, { fileId: f.id, status: 'PENDING' }).then((r) => r.versions.length));
});
