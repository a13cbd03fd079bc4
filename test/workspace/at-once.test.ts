import { expect, test } from 'vitest';
import { ask, codeOf } from '../support/client.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

/** Concurrent requests must have the result of the same requests one after another. */

const TIMES = 10;
const times = <Result>(run: (index: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: TIMES }, (_, i) => run(i)));
const sorted = (codes: (string | undefined)[]) => codes.map((code) => code ?? 'done').sort();

test('concurrent createUser with one email address creates one user', async () => {
  await using server = await startTestServer();
  const add =
    'mutation ($name: String!) { createUser(input: { displayName: $name, email: "ada@example.com" }) { user { id } } }';
  const codes = await times((index) => codeOf(server, add, { name: `Ada ${index}` }));
  expect(sorted(codes)).toEqual([...Array(TIMES - 1).fill('CONFLICT'), 'done']);
});

test('concurrent updateUser with one email address gives it to one user', async () => {
  await using server = await startTestServer();
  const people = await times((index) => newPerson(server, `Person ${index}`));
  const take = 'mutation ($id: ID!) { updateUser(input: { userId: $id, email: "ada@example.com" }) { user { id } } }';
  const codes = await Promise.all(people.map(({ id }) => codeOf(server, take, { id })));
  expect(sorted(codes)).toEqual([...Array(TIMES - 1).fill('CONFLICT'), 'done']);
});

test('concurrent addProjectMember of one user adds one membership', async () => {
  await using server = await startTestServer();
  const { id } = await newPerson(server, 'Bob');
  const add =
    'mutation ($id: ID!) { addProjectMember(input: { projectId: 1, userId: $id, role: VIEWER }) { project { id } } }';
  expect(sorted(await times(() => codeOf(server, add, { id })))).toEqual([
    ...Array(TIMES - 1).fill('CONFLICT'),
    'done',
  ]);
});

test('owners who remove each other concurrently leave at least one member', async () => {
  await using server = await startTestServer();
  const owners = await times((index) => newPerson(server, `Owner ${index}`, { role: 'OWNER' }));
  const remove = 'mutation ($id: ID!) { removeProjectMember(input: { projectId: 1, userId: $id }) { project { id } } }';
  await Promise.all([
    codeOf(server, remove, { id: 'User:1' }),
    ...owners.map(({ key }, index) => codeOf(server, remove, { id: owners[(index + 1) % TIMES]?.id }, key)),
  ]);
  const roles = 'query { project(id: 1) { members { edges { role } } } }';
  const { project } = await ask<{ project: { members: { edges: { role: string }[] } } }>(server, roles);
  expect(project.members.edges.length).toBeGreaterThan(0);
});

test('administrators who demote each other concurrently leave at least one administrator', async () => {
  await using server = await startTestServer();
  const administrators = await times((index) => newPerson(server, `Root ${index}`, { isAdmin: true, scope: 'ADMIN' }));
  const demote = 'mutation ($id: ID!) { updateUser(input: { userId: $id, isAdmin: false }) { user { id } } }';
  const everybody = [{ id: 'User:1', key: server.key }, ...administrators];
  await Promise.all(
    everybody.map(({ key }, index) =>
      codeOf(server, demote, { id: everybody[(index + 1) % everybody.length]?.id }, key),
    ),
  );
  const results = await Promise.all(
    everybody.map(({ key }) => ask<{ viewer: { isAdmin: boolean } }>(server, '{ viewer { isAdmin } }', {}, key)),
  );
  expect(results.some(({ viewer }) => viewer.isAdmin)).toBe(true);
});

test('administrators who revoke the keys of each other concurrently leave at least one valid key', async () => {
  await using server = await startTestServer();
  const administrators = await times((index) => newPerson(server, `Root ${index}`, { isAdmin: true, scope: 'ADMIN' }));
  const revoke = 'mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { id } } }';
  const everybody = [{ keyId: 'ApiKey:1', key: server.key }, ...administrators];
  await Promise.all(
    everybody.map(({ key }, index) =>
      codeOf(server, revoke, { id: everybody[(index + 1) % everybody.length]?.keyId }, key),
    ),
  );
  const codes = await Promise.all(everybody.map(({ key }) => codeOf(server, '{ viewer { id } }', {}, key)));
  expect(codes).toContain(undefined);
});

test('concurrent replacements of a list leave one of the given lists unmixed', async () => {
  await using server = await startTestServer();
  const people = (await times((index) => newPerson(server, `Person ${index}`))).map(({ id }) => id);
  const pairs = people.map((id, index) => [id, people[(index + 1) % TIMES] ?? '']);

  const responsible =
    'mutation ($ids: [ID!]) { updateTask(input: { taskId: 1, responsibleIds: $ids }) { task { id } } }';
  expect(await times((index) => codeOf(server, responsible, { ids: pairs[index] }))).toEqual(
    Array(TIMES).fill(undefined),
  );
  const { task } = await ask<{ task: { responsibles: { id: string }[] } }>(
    server,
    '{ task(id: 1) { responsibles { id } } }',
  );
  expect(pairs).toContainEqual(task.responsibles.map(({ id }) => id));

  const updateInfos =
    'mutation ($infos: [ContactInfoInput!]) { updateContact(input: { contactId: 1, infos: $infos }) { contact { id } } }';
  const infos = (index: number) => (pairs[index] ?? []).map((data) => ({ infoType: 'SKYPE', data }));
  expect(await times((index) => codeOf(server, updateInfos, { infos: infos(index) }))).toEqual(
    Array(TIMES).fill(undefined),
  );
  const read = '{ entity(id: "Contact:1") { ... on Contact { infos { data } } } }';
  const { entity } = await ask<{ entity: { infos: { data: string }[] } }>(server, read);
  expect(pairs).toContainEqual(entity.infos.map(({ data }) => data));
});
