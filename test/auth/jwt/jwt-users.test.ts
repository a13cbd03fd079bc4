import { describe, expect, test } from 'vitest';
import { auditEntries } from '../../support/audit.ts';
import { ask, codeOf, errorOf, execute } from '../../support/client.ts';
import { runSql } from '../../support/database.ts';
import { ISSUER, sharedSecret, tokenOf } from '../../support/jwt.ts';
import { newPerson } from '../../support/people.ts';
import { recordedWhile } from '../../support/record-statements.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { run } from '../../support/user.ts';

interface Profile {
  id: string;
  displayName: string;
  email: string | null;
  avatarUrl: string | null;
  isAdmin: boolean;
}

const viewerOf = async (server: TestServer, token: string): Promise<Profile> =>
  (await ask<{ viewer: Profile }>(server, '{ viewer { id displayName email avatarUrl isAdmin } }', {}, token)).viewer;

/** The roles of a user in projects. */
const rolesOf = (server: TestServer, userId: string) =>
  runSql<{ project_id: number; role: string }>(
    server.dataDir,
    'select project_id, role from project_members where user_id = ? order by project_id',
    Number(userId.split(':')[1]),
  );

/** Each token of a test is newer than the one before, by its claim. */
let issued = Math.floor(Date.now() / 1000) - 10_000;
const nextToken = (subject: string, claims = {}) => tokenOf(subject, { ...claims, iat: issued++ });

const adaClaims = { name: 'Ada Lovelace', email: 'Ada@Example.com', picture: 'https://example.com/ada.png' };
const updateRole = `mutation ($userId: ID!, $role: ProjectRole!) {
  updateProjectMember(input: { projectId: "Project:1", userId: $userId, role: $role }) { memberEdge { role } }
}`;
const updateUser = `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }`;

describe('the user of a subject', () => {
  test('has an identity, and other users have none', async () => {
    await using server = await startTestServer(sharedSecret);
    const { id } = await viewerOf(server, await nextToken('ada', adaClaims));
    const other = await newPerson(server, 'Bob');
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on User { hasIdentity } } }';
    expect(await ask(server, query, { ids: [id, other.id] })).toEqual({
      nodes: [{ hasIdentity: true }, { hasIdentity: false }],
    });
  });

  test('is created at the first token, found at the next, and follows name, email and avatar', async () => {
    await using server = await startTestServer(sharedSecret);
    const ada = await viewerOf(server, await nextToken('ada', adaClaims));
    expect(ada).toMatchObject({
      displayName: 'Ada Lovelace',
      email: 'ada@example.com',
      avatarUrl: 'https://example.com/ada.png',
      isAdmin: false,
    });
    expect(await viewerOf(server, await nextToken('ada', adaClaims))).toEqual(ada);
    const renamed = { ...adaClaims, name: 'Ada King', email: 'king@example.com' };
    const now = await viewerOf(server, await nextToken('ada', renamed));
    expect(now).toEqual({ ...ada, displayName: 'Ada King', email: 'king@example.com' });
    // Claims that are missing or unusable leave what is known.
    const unusable = { name: '   ', email: 'no address', picture: 'javascript:alert(1)' };
    expect(await viewerOf(server, await nextToken('ada', unusable))).toEqual(now);
    expect(await viewerOf(server, await nextToken('ada'))).toEqual(now);
    expect((await viewerOf(server, await nextToken('bob'))).id).not.toBe(ada.id);
  });

  test('is one, also when its first tokens arrive at once', async () => {
    await using server = await startTestServer(sharedSecret);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => nextToken('ada', adaClaims)));
    const viewers = await Promise.all(tokens.map((token) => viewerOf(server, token)));
    expect(new Set(viewers.map(({ id }) => id)).size).toBe(1);
  });

  test('is not changed by a token that is older than the last one', async () => {
    await using server = await startTestServer(sharedSecret);
    const older = await nextToken('ada', { name: 'Old' });
    await viewerOf(server, await nextToken('ada', { name: 'New' }));
    expect((await viewerOf(server, older)).displayName).toBe('New');
  });

  test('is refused with AUTH_JWT_CREATE_USERS=false', async () => {
    await using server = await startTestServer({ ...sharedSecret, AUTH_JWT_CREATE_USERS: 'false' });
    expect(await errorOf(server, '{ viewer { id } }', {}, await nextToken('ada', adaClaims))).toBe(
      'UNAUTHENTICATED: The token is valid, but this server has no user for its subject.',
    );
    expect(await runSql(server.dataDir, 'select * from user_identities')).toEqual([]);
  });

  test('is the one whom an operator linked, once', async () => {
    await using server = await startTestServer({ ...sharedSecret, AUTH_JWT_CREATE_USERS: 'false' });
    const { id } = await newPerson(server, 'Ada');
    const link = (subject: string) => run(server, 'user', 'link', id, '--issuer', ISSUER, '--subject', subject);
    expect(await link('ada')).toEqual([`Tokens of the subject ada sign in as ${id}.`]);
    expect(await viewerOf(server, await nextToken('ada', adaClaims))).toMatchObject({
      id,
      displayName: 'Ada Lovelace',
    });
    await expect(link('ada')).rejects.toThrow(`This subject signs in as ${id} already.`);
  });

  test('signs in without the email address that another user has', async () => {
    await using server = await startTestServer(sharedSecret);
    const { id } = await newPerson(server, 'Another Ada');
    await ask(server, updateUser, { input: { userId: id, email: 'ada@example.com' } });
    const ada = await viewerOf(server, await nextToken('ada', adaClaims));
    expect(ada).toMatchObject({ displayName: 'Ada Lovelace', email: null });
    expect(ada.id).not.toBe(id);
  });

  test('has an email address only when the provider has verified it', async () => {
    await using server = await startTestServer({ ...sharedSecret, AUTH_JWT_TRUST_EMAIL: 'false' });
    expect((await viewerOf(server, await nextToken('a', adaClaims))).email).toBe(null);
    expect((await viewerOf(server, await nextToken('b', { ...adaClaims, email_verified: false }))).email).toBe(null);
    expect((await viewerOf(server, await nextToken('c', { ...adaClaims, email_verified: true }))).email).toBe(
      'ada@example.com',
    );
  });
});

describe('AUTH_JWT_LINK_BY_EMAIL', () => {
  const env = { ...sharedSecret, AUTH_JWT_TRUST_EMAIL: 'false', AUTH_JWT_LINK_BY_EMAIL: 'true' };
  const verified = { ...adaClaims, email_verified: true };

  async function newAda(server: TestServer, isAdmin = false): Promise<string> {
    const { id } = await newPerson(server, 'Ada', { isAdmin });
    await ask(server, updateUser, { input: { userId: id, email: 'ada@example.com' } });
    return id;
  }

  test('signs in as the user with the verified address, once, and only when it is verified', async () => {
    await using server = await startTestServer(env);
    const id = await newAda(server);
    expect((await viewerOf(server, await nextToken('unverified', adaClaims))).id).not.toBe(id);
    expect((await viewerOf(server, await nextToken('ada', verified))).id).toBe(id);
    expect((await viewerOf(server, await nextToken('another', verified))).id).not.toBe(id);
    expect((await viewerOf(server, await nextToken('ada', verified))).id).toBe(id);
  });

  test('never signs in as an administrator', async () => {
    await using server = await startTestServer(env);
    const id = await newAda(server, true);
    const viewer = await viewerOf(server, await nextToken('ada', verified));
    expect(viewer).toMatchObject({ isAdmin: false, email: null });
    expect(viewer.id).not.toBe(id);
  });

  test('is off by default', async () => {
    await using server = await startTestServer(sharedSecret);
    const id = await newAda(server);
    expect((await viewerOf(server, await nextToken('ada', verified))).id).not.toBe(id);
  });
});

describe('groups', () => {
  const users = '{ viewer { id } }';
  const createUser = `mutation { createUser(input: { displayName: "New" }) { user { id } } }`;

  test('make administrators with the scope ADMIN, and take it when the next token has none', async () => {
    await using server = await startTestServer({
      ...sharedSecret,
      AUTH_JWT_ADMIN_GROUPS: 'admins, root',
      AUTH_JWT_GROUPS_CLAIM: 'realm_access.roles',
    });
    const admin = await nextToken('ada', { realm_access: { roles: ['staff', 'admins'] } });
    expect((await viewerOf(server, admin)).isAdmin).toBe(true);
    expect(await codeOf(server, createUser, {}, admin)).toBeUndefined();
    const former = await nextToken('ada', { realm_access: { roles: ['staff'] } });
    expect((await viewerOf(server, former)).isAdmin).toBe(false);
    expect(await codeOf(server, createUser, {}, former)).toBe('FORBIDDEN');
    // The older token is still valid, and its user is no administrator any more.
    expect(await codeOf(server, createUser, {}, admin)).toBe('FORBIDDEN');
    expect(await codeOf(server, users, {}, admin)).toBeUndefined();
  });

  test('do not make an administrator without the setting, nor take what a person gave', async () => {
    await using server = await startTestServer({ ...sharedSecret, AUTH_JWT_ADMIN_GROUPS: 'admins' });
    const ada = await viewerOf(server, await nextToken('ada', { groups: ['owners'] }));
    expect(ada.isAdmin).toBe(false);
    await ask(server, updateUser, { input: { userId: ada.id, isAdmin: true } });
    const token = await nextToken('ada', { groups: ['admins'] });
    expect((await viewerOf(server, token)).isAdmin).toBe(true);
    // What a person took returns when the claims change.
    const bob = await viewerOf(server, await nextToken('bob', { groups: ['admins'] }));
    await ask(server, updateUser, { input: { userId: bob.id, isAdmin: false } });
    expect((await viewerOf(server, await nextToken('bob', { groups: ['admins'] }))).isAdmin).toBe(false);
    expect((await viewerOf(server, await nextToken('bob', { groups: ['admins'], name: 'Bob' }))).isAdmin).toBe(true);
    const without = await nextToken('ada', { groups: [] });
    expect((await viewerOf(server, without)).isAdmin).toBe(true);
    // An administrator's token administers only when a group or a scope says so.
    expect(await codeOf(server, createUser, {}, without)).toBe('FORBIDDEN');
    expect(await codeOf(server, createUser, {}, token)).toBeUndefined();
  });

  test('give roles in projects, the strongest of several, and take only what they gave', async () => {
    await using server = await startTestServer({
      ...sharedSecret,
      AUTH_JWT_PROJECT_ROLES: JSON.stringify({
        staff: { 'Project:1': 'VIEWER', 'Project:99': 'EDITOR' },
        editors: { 'Project:1': 'EDITOR' },
      }),
    });
    const { id } = await viewerOf(server, await nextToken('ada', { groups: ['staff', 'editors', 'others'] }));
    expect(await rolesOf(server, id)).toEqual([{ project_id: 1, role: 'EDITOR' }]);
    await viewerOf(server, await nextToken('ada', { groups: 'staff' }));
    expect(await rolesOf(server, id)).toEqual([{ project_id: 1, role: 'VIEWER' }]);
    await viewerOf(server, await nextToken('ada', { groups: [] }));
    expect(await rolesOf(server, id)).toEqual([]);
    // What a person changed belongs to that person.
    await viewerOf(server, await nextToken('ada', { groups: ['staff'] }));
    await ask(server, updateRole, { userId: id, role: 'OWNER' });
    await viewerOf(server, await nextToken('ada', { groups: [] }));
    expect(await rolesOf(server, id)).toEqual([{ project_id: 1, role: 'OWNER' }]);
  });
});

describe('AUTH_JWT_SCOPE_PREFIX', () => {
  const change = 'mutation { createTask(input: { projectId: "Project:1", title: "New" }) { task { id } } }';
  const env = {
    ...sharedSecret,
    AUTH_JWT_SCOPE_PREFIX: 'attache:',
    AUTH_JWT_PROJECT_ROLES: '{"staff": {"Project:1": "EDITOR"}}',
  };

  test('limits a token to the widest of its scopes', async () => {
    await using server = await startTestServer(env);
    const token = (scopes: object) => nextToken('ada', { groups: ['staff'], ...scopes });
    expect(await codeOf(server, change, {}, await token({ scope: 'openid attache:read' }))).toBe('FORBIDDEN');
    expect(await codeOf(server, change, {}, await token({ scope: 'attache:read attache:write' }))).toBeUndefined();
    expect(await codeOf(server, change, {}, await token({ scp: ['attache:write'] }))).toBeUndefined();
    expect(await errorOf(server, change, {}, await token({ scope: 'openid xattache:write' }))).toBe(
      'UNAUTHENTICATED: The token has none of the scopes that begin with "attache:".',
    );
  });
});

test('a request with a token that was verified reads the user, and nothing else', async () => {
  await using server = await startTestServer(sharedSecret);
  const token = await nextToken('ada', adaClaims);
  const statements = () => recordedWhile(() => execute(server, '{ __typename }', {}, token));
  expect((await statements()).filter((sql) => sql.includes('user_identities')).length).toBeGreaterThan(1);
  const again = (await statements()).filter((sql) => /\b(users|user_identities|project_members)\b/.test(sql));
  expect(again).toEqual([
    expect.stringMatching(/^select u.id, u.is_admin as "isAdmin" from users u where u.disabled_at is null and u.id in/),
  ]);
});

const stateMutation = (name: string, rest = '') =>
  `mutation ($userId: ID!) { ${name}(input: { userId: $userId${rest} }) { user { id } } }`;

test('a disabled user gets nothing by a token, and an erased one no profile again', async () => {
  await using server = await startTestServer(sharedSecret);
  const { id: userId } = await viewerOf(server, await nextToken('ada', adaClaims));
  await ask(server, stateMutation('disableUser'), { userId });
  expect(await codeOf(server, '{ viewer { id } }', {}, await nextToken('ada', adaClaims))).toBe('UNAUTHENTICATED');
  await ask(server, stateMutation('enableUser'), { userId });
  expect((await viewerOf(server, await nextToken('ada', adaClaims))).id).toBe(userId);
  await ask(server, stateMutation('removeUser', ', erase: true'), { userId });
  const again = await nextToken('ada', { ...adaClaims, name: 'Ada again' });
  expect(await codeOf(server, '{ viewer { id } }', {}, again)).toBe('UNAUTHENTICATED');
  const profile = await ask(server, 'query ($id: ID!) { user(id: $id) { displayName email avatarUrl } }', {
    id: userId,
  });
  expect(profile).toEqual({ user: { displayName: 'Removed user', email: null, avatarUrl: null } });
});

test('an erased subject is not stored, and still refused, until an operator links it to another user', async () => {
  await using server = await startTestServer(sharedSecret);
  const subject = 'ada@example.com';
  const { id: userId } = await viewerOf(server, await nextToken(subject, adaClaims));
  const erase = () => ask(server, stateMutation('removeUser', ', erase: true'), { userId });
  await erase();
  await erase();
  const rows = await runSql(server.dataDir, 'select * from user_identities');
  expect(JSON.stringify(rows)).not.toContain('ada');
  expect(rows).toMatchObject([{ claims_hash: '', project_roles: '{}' }]);
  for (const claims of [adaClaims, {}])
    expect(await codeOf(server, '{ viewer { id } }', {}, await nextToken(subject, claims))).toBe('UNAUTHENTICATED');

  const { id } = await newPerson(server, 'Ada');
  await run(server, 'user', 'link', id, '--issuer', ISSUER, '--subject', subject);
  expect((await viewerOf(server, await nextToken(subject, adaClaims))).id).toBe(id);
});

test('what tokens change is in the audit log', async () => {
  await using server = await startTestServer({
    ...sharedSecret,
    AUTH_JWT_ADMIN_GROUPS: 'root',
    AUTH_JWT_PROJECT_ROLES: '{"staff":{"Project:1":"EDITOR"}}',
  });
  await viewerOf(server, await nextToken('ada', { ...adaClaims, groups: ['root', 'staff'] }));
  await viewerOf(server, await nextToken('ada', adaClaims));
  const entries = (await auditEntries(server)).filter(({ via }) => via === 'IDENTITY_PROVIDER');
  expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
    ['MEMBER_REMOVED', null],
    ['USER_UPDATED', null],
    ['MEMBER_ADDED', null],
    ['USER_UPDATED', null],
    ['USER_CREATED', null],
  ]);
  for (const entry of entries) expect(entry).toMatchObject({ address: '127.0.0.1', requestId: expect.any(String) });
});
