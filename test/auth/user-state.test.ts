import { hash } from 'node:crypto';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { graphql } from '../generated/index.ts';
import { auditEntries } from '../support/audit.ts';
import { ask, errorOf } from '../support/client.ts';
import { runSql } from '../support/database.ts';
import { subscribeToEvents } from '../support/events.ts';
import { fileOf, uploadFile } from '../support/files.ts';
import { addProjectMember, createApiKey, createUser, newKey, newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { stream } from '../support/sse-client.ts';
import { createComment } from '../support/tasks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const disableUser = graphql(`
  mutation DisableUser($userId: ID!) { disableUser(input: { userId: $userId }) { user { id isDisabled isRemoved } } }
`);
const enableUser = graphql(`
  mutation EnableUser($userId: ID!) { enableUser(input: { userId: $userId }) { user { id isDisabled } } }
`);
const removeUser = graphql(`
  mutation RemoveUser($userId: ID!, $erase: Boolean) {
    removeUser(input: { userId: $userId, erase: $erase }) {
      user { displayName title email avatarUrl profileUrl isAdmin isDisabled isRemoved }
    }
  }
`);
const listed = graphql(`
  query ListedUsers($filter: UserFilter, $first: Int, $after: String, $last: Int) {
    users(filter: $filter, first: $first, after: $after, last: $last) {
      totalCount pageInfo { hasNextPage endCursor } nodes { displayName }
    }
  }
`);

const statusOf = async (server: TestServer, key: string) =>
  (await fetch(`${server.graphqlUrl}?query={viewer{id}}`, { headers: { authorization: `Bearer ${key}` } })).status;

/** The close code of a socket that has authenticated and has no subscription. */
async function idleSocket(server: TestServer, key: string): Promise<{ closed: Promise<number> }> {
  const socket = new WebSocket(server.wsUrl, 'graphql-transport-ws');
  await once(socket, 'open');
  const closed = once(socket, 'close').then(([code]) => code as number);
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: key } }));
  await once(socket, 'message');
  return { closed };
}

test('a disabled user has no access by keys, links, sockets and streams until enabled again, and files stay', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const file = await uploadFile(server, 'Task:1', 'of Bob', {}, bob.key);
  const linkQuery = `query { file(id: "${file.id}") { url(expiresIn: 60) createdBy { displayName } } }`;
  type Link = { file: { url: string; createdBy: { displayName: string } } };
  const link = (await ask<Link>(server, linkQuery, {}, bob.key)).file.url;
  expect((await fetch(link)).status).toBe(200);
  const idle = await idleSocket(server, bob.key);
  await using busy = await subscribeToEvents(server, 'Task:1', { key: bob.key });
  await using sse = await stream(server, 'Task:1', { key: bob.key });
  const [nextEvent, nextOfStream] = [busy.next(), sse.nextEvent()];
  for (const next of [nextEvent, nextOfStream]) next.catch(() => {});

  const { user } = (await ask(server, disableUser, { userId: bob.id })).disableUser;
  expect(user).toMatchObject({ isDisabled: true, isRemoved: false });
  expect(await idle.closed).toBe(4401);
  await expect(nextEvent).rejects.toBeDefined();
  await expect(nextOfStream).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  expect([await statusOf(server, bob.key), (await fetch(link)).status]).toEqual([401, 401]);
  expect((await ask<Link>(server, linkQuery)).file.createdBy.displayName).toBe('Bob');
  // Disabled again: nothing changes.
  expect((await ask(server, disableUser, { userId: bob.id })).disableUser.user.isDisabled).toBe(true);

  expect((await ask(server, enableUser, { userId: bob.id })).enableUser.user.isDisabled).toBe(false);
  expect([await statusOf(server, bob.key), (await fetch(link)).status]).toEqual([200, 200]);
});

test('a disabled user cannot use a signing key', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const input = { userId: bob.id, name: 'signs', canSign: true };
  const { key } = (await ask(server, createApiKey, { input })).createApiKey;
  const call = async () => {
    const signature = hash('md5', `action=get_projects${key}`);
    const response = await fetch(`${server.url}/api/admin/v2/?action=get_projects&hash=${signature}`);
    return (await response.json()) as { status: string };
  };
  const before = await call();
  await ask(server, disableUser, { userId: bob.id });
  const after = await call();
  await ask(server, enableUser, { userId: bob.id });
  expect([before.status, after.status, (await call()).status]).toEqual(['ok', 'error', 'ok']);
});

test('a removed user has lost keys, memberships, access and address, and what the user added stays attributed', async () => {
  await using server = await startTestServer();
  const profile = { title: 'Gardener', avatarUrl: 'https://example.com/b.png', profileUrl: 'https://example.com/b' };
  const input = { displayName: 'Bob', email: 'bob@example.com', ...profile };
  const bob = (await ask(server, createUser, { input })).createUser.user;
  const { key } = await newKey(server, bob.id, 'WRITE');
  await ask(server, addProjectMember, { input: { projectId: 'Project:1', userId: bob.id } });
  const share = `mutation { updateContact(input: { contactId: "Contact:1", isPrivate: true,
    accessList: [{ userId: "${bob.id}", access: READ }] }) { contact { id } } }`;
  await ask(server, share);
  const file = await uploadFile(server, 'Task:1', 'of Bob', {}, key);
  await ask(server, createComment, { taskId: 'Task:1', body: 'hello' }, key);

  const removed = (await ask(server, removeUser, { userId: bob.id })).removeUser.user;
  const state = { isDisabled: true, isRemoved: true, isAdmin: false, email: null };
  expect(removed).toEqual({ displayName: 'Bob', ...profile, ...state });
  expect(await statusOf(server, key)).toBe(401);
  type Seen = { project: { members: { nodes: { id: string }[] } }; contact: { accessList: unknown[] } };
  const seen = `query { project(id: "Project:1") { members { nodes { id } } }
    contact: node(id: "Contact:1") { ... on Contact { accessList { user { id } } } } }`;
  const { project, contact } = await ask<Seen>(server, seen);
  expect(project.members.nodes.map((node) => node.id)).not.toContain(bob.id);
  expect(contact.accessList).toEqual([]);
  expect((await ask(server, listed)).users.nodes.map((user) => user.displayName)).toEqual(['Administrator']);
  expect(await fileOf(server, file.id)).toMatchObject({ createdBy: { id: bob.id } });

  // Final: neither enabled nor changed, nor added anywhere; the address is free.
  const again = { projectId: 'Project:1', userId: bob.id };
  expect(await errorOf(server, enableUser, { userId: bob.id })).toMatch(/^CONFLICT: User:2 was removed/);
  expect(await errorOf(server, createApiKey, { input: { userId: bob.id, name: 'x' } })).toMatch(/^CONFLICT: /);
  expect(await errorOf(server, addProjectMember, { input: again })).toMatch(/^NOT_FOUND: /);
  expect(await errorOf(server, share)).toMatch(/^NOT_FOUND: .*User:2/);
  const change = `mutation { updateUser(input: { userId: "${bob.id}", displayName: "Eve" }) { user { id } } }`;
  expect(await errorOf(server, change)).toMatch(/^CONFLICT: /);
  expect((await ask(server, createUser, { input })).createUser.user.email).toBe('bob@example.com');
});

test('erasing replaces the name and deletes every other personal datum, also of a user who was removed before', async () => {
  await using server = await startTestServer();
  const secrets = ['Bob Roberts', 'bob@example.com', 'Gardener', 'https://example.com/bob'];
  const [displayName = '', email, title, avatarUrl] = secrets;
  const input = { displayName, email, title, avatarUrl, profileUrl: avatarUrl };
  const bob = (await ask(server, createUser, { input })).createUser.user;
  await ask(server, createApiKey, { input: { userId: bob.id, name: 'the laptop of Bob Roberts' } });
  await ask(server, removeUser, { userId: bob.id });
  const { user } = (await ask(server, removeUser, { userId: bob.id, erase: true })).removeUser;
  expect(user).toMatchObject({
    displayName: 'Removed user',
    title: '',
    email: null,
    avatarUrl: null,
    profileUrl: null,
  });
  const rows = [
    ...(await runSql(server.dataDir, 'select * from users')),
    ...(await runSql(server.dataDir, 'select * from api_keys')),
  ];
  for (const secret of secrets) expect(JSON.stringify(rows).toLowerCase()).not.toContain(secret.toLowerCase());
});

test('the last administrator with a working key is neither disabled nor removed', async () => {
  await using server = await startTestServer();
  const conflict = /^CONFLICT: This would leave no administrator/;
  for (const mutation of [disableUser, removeUser])
    expect(await errorOf(server, mutation, { userId: 'User:1' })).toMatch(conflict);
  const root = await newPerson(server, 'Root', { isAdmin: true, scope: 'ADMIN' });
  await ask(server, disableUser, { userId: root.id });
  expect(await errorOf(server, removeUser, { userId: 'User:1' })).toMatch(conflict);
  await ask(server, enableUser, { userId: root.id });
  // Of two who disable each other at once, one remains.
  const both = await Promise.all([
    server.query(disableUser, { userId: root.id }),
    server.query(disableUser, { userId: 'User:1' }, root.key),
  ]);
  expect(both.filter(({ errors }) => errors)).toHaveLength(1);
});

test('the configured key of a removed administrator becomes that of another one at the next start', async () => {
  await using folder = await temporaryFolder('removed-administrator');
  const DATA_DIR = folder.path;
  {
    await using server = await startTestServer({ DATA_DIR });
    await newPerson(server, 'Root', { isAdmin: true, scope: 'ADMIN' });
    await ask(server, removeUser, { userId: 'User:1' });
    expect(await statusOf(server, server.key)).toBe(401);
  }
  await using server = await startTestServer({ DATA_DIR });
  const viewer = await ask<{ viewer: { displayName: string } }>(server, '{ viewer { displayName } }');
  expect(viewer.viewer.displayName).toBe('Root');
  const [created, removed] = await auditEntries(server, {}, 2);
  expect([created?.action, created?.via, removed?.action]).toEqual(['API_KEY_CREATED', 'SERVER', 'MEMBER_REMOVED']);
});

test('disabling, enabling and removing users requires an administrator with a key of the scope ADMIN', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const root = await newPerson(server, 'Root', { isAdmin: true });
  for (const mutation of [disableUser, enableUser, removeUser]) {
    for (const { key } of [bob, root])
      expect(await errorOf(server, mutation, { userId: bob.id }, key)).toMatch(/^FORBIDDEN: Only administrators/);
    expect(await errorOf(server, mutation, { userId: 'User:99' })).toMatch(/^NOT_FOUND: /);
  }
});

test('users are found by text, rank, state and kind, in pages; addresses are searched for administrators only', async () => {
  await using server = await startTestServer();
  const add = (input: object) => ask(server, createUser, { input: input as { displayName: string } });
  await add({ displayName: 'Ada ΟΔΟΣ', email: 'countess@example.com' });
  await add({ displayName: 'Build 100%', isService: true });
  await add({ displayName: 'Root', isAdmin: true });
  const bob = await newPerson(server, 'Bob');
  await ask(server, disableUser, { userId: bob.id });
  const cleo = await newPerson(server, 'Cleo');
  const find = async (filter: object, key?: string) =>
    (await ask(server, listed, { filter }, key)).users.nodes.map((user) => user.displayName);

  expect(await find({ search: 'οδος' })).toEqual(['Ada ΟΔΟΣ']);
  expect(await find({ search: '100%' })).toEqual(['Build 100%']);
  expect(await find({ search: 'COUNTESS@' })).toEqual(['Ada ΟΔΟΣ']);
  expect(await find({ search: 'countess@' }, cleo.key)).toEqual([]);
  expect(await find({ isAdmin: true })).toEqual(['Administrator', 'Root']);
  expect(await find({ isDisabled: true })).toEqual(['Bob']);
  expect(await find({ isService: true, isDisabled: false })).toEqual(['Build 100%']);
  const filter = { isService: false, isAdmin: false };
  const first = (await ask(server, listed, { filter, first: 2 })).users;
  expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
  const rest = (await ask(server, listed, { filter, first: 2, after: first.pageInfo.endCursor })).users;
  expect([...first.nodes, ...rest.nodes].map((user) => user.displayName)).toEqual(['Ada ΟΔΟΣ', 'Bob', 'Cleo']);
  expect((await ask(server, listed, { filter, last: 1 })).users.nodes).toEqual([{ displayName: 'Cleo' }]);
});

test('a service account has no email address', async () => {
  await using server = await startTestServer();
  const input = { displayName: 'Build', isService: true };
  expect(await errorOf(server, createUser, { input: { ...input, email: 'b@example.com' } })).toMatch(
    /^BAD_USER_INPUT: A service account has no email address/,
  );
  const { user } = (await ask(server, createUser, { input })).createUser;
  const change = `mutation { updateUser(input: { userId: "${user.id}", email: "b@example.com" }) { user { id } } }`;
  expect(await errorOf(server, change)).toMatch(/^BAD_USER_INPUT: /);
  expect(await statusOf(server, (await newKey(server, user.id, 'WRITE')).key)).toBe(200);
});

test('owners add members by email address, and nobody else learns which addresses have users', async () => {
  await using server = await startTestServer();
  const input = { displayName: 'Ada', email: 'ada@example.com' };
  const ada = (await ask(server, createUser, { input })).createUser.user;
  const owner = await newPerson(server, 'Owner', { role: 'OWNER' });
  const editor = await newPerson(server, 'Editor', { role: 'EDITOR' });
  const add = (email: string, key: string) =>
    errorOf(server, addProjectMember, { input: { projectId: 'Project:1', email } }, key);
  for (const email of [input.email, 'nobody@example.com'])
    expect(await add(email, editor.key)).toBe('FORBIDDEN: Only an owner of Project:1 may do this.');
  expect(await add('nobody@example.com', owner.key)).toMatch(/^NOT_FOUND: /);
  const member = { projectId: 'Project:1', email: ' ADA@example.com ', role: 'VIEWER' as const };
  const { memberEdge } = (await ask(server, addProjectMember, { input: member }, owner.key)).addProjectMember;
  expect(memberEdge).toMatchObject({ role: 'VIEWER', node: { id: ada.id } });
  for (const who of [{}, { userId: ada.id, email: input.email }])
    expect(await errorOf(server, addProjectMember, { input: { projectId: 'Project:1', ...who } })).toMatch(
      /^BAD_USER_INPUT: Give either/,
    );
});
