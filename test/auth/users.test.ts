import { expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { ask, errorOf } from '../support/client.ts';
import { createUser, newKey, newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

const updateUser = graphql(`
  mutation UpdateUser($input: UpdateUserInput!) {
    updateUser(input: $input) { user { id displayName title email avatarUrl profileUrl isAdmin } }
  }
`);

const userOf = graphql(`
  query UserOf($id: ID!) {
    user(id: $id) { id displayName title email avatarUrl profileUrl isAdmin createdAt apiKeys { totalCount } }
  }
`);

const everybody = graphql(`
  query Everybody($first: Int, $after: String) {
    users(first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { displayName email }
    }
  }
`);

const taken = 'CONFLICT: The email address ada@example.com belongs to another user.';

test('an administrator creates users with a full profile, and an email address of another user fails with CONFLICT', async () => {
  await using server = await startTestServer();
  const input = {
    displayName: ' Ada Lovelace ',
    title: 'Analyst',
    email: 'Ada@Example.com',
    avatarUrl: 'https://example.com/ada.png',
    profileUrl: 'https://example.com/ada',
  };
  const { createUser: created } = await ask(server, createUser, { input });
  expect(created.user).toMatchObject({
    ...input,
    id: 'User:2',
    databaseId: 2,
    displayName: 'Ada Lovelace',
    email: 'ada@example.com',
    isAdmin: false,
  });
  expect(created.userEdge.node.id).toBe('User:2');
  expect((await ask(server, userOf, { id: 'User:2' })).user).toMatchObject({ email: 'ada@example.com' });
  expect(await errorOf(server, createUser, { input: { displayName: 'Eve', email: 'ADA@example.com' } })).toBe(taken);
  expect((await ask(server, everybody)).users.totalCount).toBe(2);
});

test('creating users requires an administrator with a key of the scope ADMIN', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const root = await newPerson(server, 'Root', { isAdmin: true });
  for (const { key } of [bob, root, await newKey(server, root.id, 'READ')]) {
    expect(await errorOf(server, createUser, { input: { displayName: 'Eve' } }, key)).toBe(
      'FORBIDDEN: Only administrators add users, with an API key of the scope ADMIN.',
    );
  }
});

test('users change their own profile but neither their address nor their administrator flag', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const carol = await newPerson(server, 'Carol');
  const profile = { displayName: 'Robert', title: 'Gardener', avatarUrl: 'https://example.com/b.png' };
  const change = (key: string, input: object, userId = bob.id) =>
    server.query(updateUser, { input: { userId, ...input } }, key);

  expect((await change(bob.key, profile)).data?.updateUser.user).toMatchObject(profile);
  expect((await change(bob.key, { title: null, avatarUrl: null })).data?.updateUser.user).toMatchObject({
    displayName: 'Robert',
    title: '',
    avatarUrl: null,
  });
  const attempts = [
    change(bob.key, { isAdmin: true }),
    change(bob.key, { isAdmin: false }),
    change(bob.key, { email: 'bob@example.com' }),
    change(carol.key, { displayName: 'Bobby' }),
    change((await newKey(server, bob.id, 'READ')).key, { displayName: 'Bobby' }),
  ];
  for (const { errors } of await Promise.all(attempts)) expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await ask(server, userOf, { id: bob.id })).user).toMatchObject({
    displayName: 'Robert',
    email: null,
    isAdmin: false,
  });
});

test('an administrator changes every field of every user', async () => {
  await using server = await startTestServer();
  const { id: userId } = await newPerson(server, 'Bob');
  const input = { displayName: 'Robert', email: 'bob@example.com', isAdmin: true };
  expect((await ask(server, updateUser, { input: { userId, ...input } })).updateUser.user).toMatchObject(input);
  await ask(server, createUser, { input: { displayName: 'Ada', email: 'ada@example.com' } });
  expect(await errorOf(server, updateUser, { input: { userId, email: 'Ada@example.com' } })).toBe(taken);
  await ask(server, updateUser, { input: { userId, email: 'BOB@example.com' } });
  expect((await ask(server, updateUser, { input: { userId, email: null } })).updateUser.user.email).toBeNull();
  expect(await errorOf(server, updateUser, { input: { userId: 'User:99', displayName: 'x' } })).toMatch(/^NOT_FOUND: /);
});

test.each([
  ['an empty name', { displayName: ' ' }],
  ['an address that is none', { email: 'somewhere' }],
  ['a picture that would run as a script', { avatarUrl: 'javascript:alert(1)' }],
  ['a page that is none', { profileUrl: '/about' }],
])('updating a user with %s fails with BAD_USER_INPUT', async (_what, change) => {
  await using server = await startTestServer();
  expect(await errorOf(server, updateUser, { input: { userId: 'User:1', ...change } })).toMatch(/^BAD_USER_INPUT: /);
});

test('an address is visible to its user, to administrators and to members of a common project', async () => {
  await using server = await startTestServer();
  const input = { displayName: 'Ada', email: 'ada@example.com' };
  const ada = (await ask(server, createUser, { input })).createUser.user;
  const own = await newKey(server, ada.id, 'READ');
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const root = await newPerson(server, 'Root', { isAdmin: true, scope: 'READ' });
  const emailFor = async (key: string) => (await ask(server, userOf, { id: ada.id }, key)).user?.email;

  expect(await emailFor(own.key)).toBe('ada@example.com');
  expect(await emailFor(root.key)).toBe('ada@example.com');
  expect(await emailFor(bob.key)).toBeNull();
  await ask(
    server,
    graphql(`
      mutation AddAda($userId: ID!) {
        addProjectMember(input: { projectId: "Project:1", userId: $userId, role: VIEWER }) { memberEdge { role } }
      }
    `),
    { userId: ada.id },
  );
  expect(await emailFor(bob.key)).toBe('ada@example.com');
  expect((await ask(server, everybody, {}, bob.key)).users.nodes).toContainEqual(input);
});

test('every user reads the paginated list of users, and no user sees the API keys of others', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const carol = await newPerson(server, 'Carol');
  const first = (await ask(server, everybody, { first: 2 }, bob.key)).users;
  expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
  expect(first.nodes.map(({ displayName }) => displayName)).toEqual(['Administrator', 'Bob']);
  const next = (await ask(server, everybody, { first: 2, after: first.pageInfo.endCursor ?? null }, bob.key)).users;
  expect(next.nodes.map(({ displayName }) => displayName)).toEqual(['Carol']);
  expect((await ask(server, userOf, { id: bob.id }, bob.key)).user?.apiKeys).toEqual({ totalCount: 1 });
  expect((await ask(server, userOf, { id: carol.id }, bob.key)).user?.apiKeys).toBeNull();
  expect((await ask(server, userOf, { id: carol.id })).user?.apiKeys).toEqual({ totalCount: 1 });
  expect(await errorOf(server, userOf, { id: 'User:99' })).toMatch(/^NOT_FOUND: /);
});

test('the last administrator with a usable key cannot be demoted', async () => {
  await using server = await startTestServer();
  const demote = { input: { userId: 'User:1', isAdmin: false } };
  const locked = /^CONFLICT: This would leave no administrator/;
  expect(await errorOf(server, updateUser, demote)).toMatch(locked);
  const root = await newPerson(server, 'Root', { isAdmin: true, scope: 'WRITE' });
  expect(await errorOf(server, updateUser, demote)).toMatch(locked);
  const { key } = await newKey(server, root.id, 'ADMIN');
  expect((await ask(server, updateUser, demote)).updateUser.user.isAdmin).toBe(false);
  expect(await errorOf(server, updateUser, demote)).toMatch(/^FORBIDDEN: /);
  expect(await errorOf(server, updateUser, { input: { userId: root.id, isAdmin: false } }, key)).toMatch(locked);
});
