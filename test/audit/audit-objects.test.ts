import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { remove, uploadFile, uploadFiles } from '../support/files.ts';
import { addProjectMember, newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';

const NAMES = `
  __typename ... on User { displayName } ... on File { name } ... on Project { title } ... on Task { title }
`;
const query = `query ($filter: AuditLogFilter, $first: Int) {
  auditLog(first: $first, filter: $filter) {
    nodes { action targetId target { ${NAMES} } details { name value object { ${NAMES} } } }
  }
}`;

interface Entries {
  auditLog: { nodes: { action: string; target: unknown; details: { name: string; object: unknown }[] }[] };
}

test('an entry has its target and the objects of its details while these exist', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  await ask(server, addProjectMember, { input: { projectId: 'Project:1', userId: bob.id, role: 'EDITOR' } });
  const kept = await uploadFile(server, 'Task:1', 'kept.txt');
  const gone = await uploadFile(server, 'Task:1', 'User:1');
  await remove(server, gone.id);
  const read = async (filter: object) => {
    const { auditLog } = await ask<Entries>(server, query, { filter, first: 10 });
    return auditLog.nodes.map(({ target, details }) => ({
      target,
      details: Object.fromEntries(details.map(({ name, object }) => [name, object])),
    }));
  };
  const task = { __typename: 'Task', title: 'Design the start page' };
  const user = { __typename: 'User', displayName: 'Bob' };
  expect(await read({ action: 'MEMBER_ADDED', targetId: 'Project:1' })).toContainEqual({
    target: { __typename: 'Project', title: 'Website relaunch' },
    details: { userId: user, role: null },
  });
  expect(await read({ targetId: kept.id })).toEqual([
    { target: { __typename: 'File', name: 'kept.txt' }, details: { on: task } },
  ]);
  expect(await read({ action: 'USER_CREATED', targetId: bob.id })).toMatchObject([{ target: user }]);
  // The former name of the file is a text, and not the id of a user.
  expect(await read({ targetId: gone.id })).toEqual([
    { target: null, details: { name: null } },
    { target: null, details: { on: task } },
  ]);
});

test('the objects of a page are loaded with as many statements as those of one entry', async () => {
  await using server = await startTestServer();
  const names = Array.from({ length: 15 }, (_, index) => `${index}.txt`);
  await uploadFiles(server, 'Task:1', names);
  await uploadFiles(server, 'Task:2', names);
  const filter = { action: 'FILE_UPLOADED' };
  const countOf = async (first: number) => {
    const statements = await statementsOf(async () => {
      const { auditLog } = await ask<Entries>(server, query, { filter, first });
      expect(auditLog.nodes.length).toBe(first);
      for (const { target, details } of auditLog.nodes) expect([target, details[0]?.object]).not.toContain(null);
    });
    return statements.length;
  };
  await countOf(30);
  expect(await countOf(30)).toBe(await countOf(1));
});
