import { expect, test } from 'vitest';
import { ask, codeOf } from '../support/client.ts';
import { attach, detach, uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const query = `query ($id: ID!, $on: ID!, $other: ID!) {
  file(id: $id) { on: isAttachedTo(on: $on) other: isAttachedTo(on: $other) }
}`;

const answersOf = async (server: TestServer, id: string, [on, other]: [string, string], key?: string) =>
  Object.values((await ask<{ file: Record<string, boolean> }>(server, query, { id, on, other }, key)).file);

test('a file is attached to some places, and all its versions are where the newest is', async () => {
  await using server = await startTestServer();
  const first = await uploadFile(server, 'Task:1', 'a.txt');
  const second = await uploadFile(server, 'Task:1', 'a.txt', { parentId: first.id });
  for (const { id } of [first, second]) {
    expect(await answersOf(server, id, ['Task:1', 'Task:2'])).toEqual([true, false]);
    expect(await answersOf(server, id, ['Contact:1', 'Project:1'])).toEqual([false, false]);
  }
  await attach(server, 'Contact:1', [second.id]);
  expect(await answersOf(server, first.id, ['Contact:1', 'Task:1'])).toEqual([true, true]);
  await detach(server, 'Task:1', [second.id]);
  expect(await answersOf(server, first.id, ['Contact:1', 'Task:1'])).toEqual([true, false]);
  expect(await answersOf(server, first.id, ['Task:999', 'Task:1'])).toEqual([false, false]);
  expect(await codeOf(server, query, { id: first.id, on: 'File:1', other: 'Task:1' })).toBe('BAD_USER_INPUT');
});

test('a file on a place that the viewer may not see is not reported as attached there', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  const create = 'mutation { createContact(input: { displayName: "C", shareType: READ }) { contact { id } } }';
  const { id } = (await ask<{ createContact: { contact: { id: string } } }>(server, create)).createContact.contact;
  await attach(server, id, [file.id]);
  expect(await answersOf(server, file.id, ['Task:1', id], bob.key)).toEqual([false, true]);
});
