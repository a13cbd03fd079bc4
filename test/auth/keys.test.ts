import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { graphql } from '../generated/index.ts';
import { ask, errorOf } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { subscribeToFileAdded } from '../support/live.ts';
import { createApiKey, newKey, newPerson, revokeApiKey } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const ownKeys = graphql(`
  query OwnKeys {
    viewer { id apiKeys { totalCount nodes { id name scope expiresAt revokedAt } } }
  }
`);

const keyNode = graphql(`
  query KeyNode($id: ID!) {
    node(id: $id) { __typename ... on ApiKey { name user { id } } }
  }
`);

/** Returns the status of a request with the key. */
async function status(server: TestServer, key: string) {
  const response = await fetch(`${server.graphqlUrl}?query={viewer{id}}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return response.status;
}

test('a key is returned only when it is created, works immediately and is never returned again', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const input = { name: ' the build server ', scope: 'READ' as const, expiresAt: '2127-01-01T00:00:00.000Z' };
  const { createApiKey: made } = await ask(server, createApiKey, { input }, bob.key);
  expect(made).toMatchObject({
    apiKey: {
      name: 'the build server',
      scope: 'READ',
      expiresAt: input.expiresAt,
      revokedAt: null,
      user: { id: bob.id },
    },
    key: expect.stringMatching(/^att_[\w-]{43}$/),
  });
  expect(made.apiKeyEdge.node.id).toBe(made.apiKey.id);
  const { viewer } = await ask(server, ownKeys, {}, made.key);
  expect(viewer).toMatchObject({ id: bob.id, apiKeys: { totalCount: 2, nodes: [{}, { name: 'the build server' }] } });
  expect(JSON.stringify(viewer)).not.toContain(made.key);
});

test('the scope of a new key defaults to WRITE and is never wider than that of the key used to create it', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  expect((await ask(server, createApiKey, { input: { name: 'x' } }, bob.key)).createApiKey.apiKey.scope).toBe('WRITE');
  expect(await errorOf(server, createApiKey, { input: { name: 'x', scope: 'ADMIN' } }, bob.key)).toBe(
    'FORBIDDEN: A key with the scope ADMIN is not made with one of the scope WRITE.',
  );
  const reader = await newKey(server, bob.id, 'READ');
  expect(await errorOf(server, createApiKey, { input: { name: 'x', scope: 'READ' } }, reader.key)).toMatch(
    /^FORBIDDEN: /,
  );
  const root = await newPerson(server, 'Root', { isAdmin: true, scope: 'WRITE' });
  expect(await errorOf(server, createApiKey, { input: { name: 'x', scope: 'ADMIN' } }, root.key)).toMatch(
    /^FORBIDDEN: /,
  );
});

test('only administrators create, see and revoke keys of other users', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const carol = await newPerson(server, 'Carol');
  const root = await newPerson(server, 'Root', { isAdmin: true, scope: 'WRITE' });
  const input = { userId: carol.id, name: 'x', scope: 'READ' as const };
  for (const { key } of [bob, root]) {
    expect(await errorOf(server, createApiKey, { input }, key)).toMatch(/^FORBIDDEN: Only administrators/);
    expect(await errorOf(server, keyNode, { id: carol.keyId }, key)).toMatch(/^NOT_FOUND: /);
    expect(await errorOf(server, revokeApiKey, { apiKeyId: carol.keyId }, key)).toMatch(/^NOT_FOUND: /);
  }
  expect((await ask(server, keyNode, { id: carol.keyId })).node).toEqual({
    __typename: 'ApiKey',
    name: 'of the tests',
    user: { id: carol.id },
  });
  expect((await ask(server, keyNode, { id: carol.keyId }, carol.key)).node).toMatchObject({ __typename: 'ApiKey' });
  await ask(server, revokeApiKey, { apiKeyId: carol.keyId });
  expect(await status(server, carol.key)).toBe(401);
  expect(await errorOf(server, createApiKey, { input: { ...input, userId: 'User:99' } })).toMatch(
    /^NOT_FOUND: .*User:99/,
  );
  expect(await errorOf(server, createApiKey, { input: { ...input, scope: 'ADMIN' } })).toBe(
    `BAD_USER_INPUT: ${carol.id} is no administrator; a key of it has the scope READ or WRITE.`,
  );
});

test('a revoked key stops working immediately, and other keys of the user keep working', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const other = await newKey(server, bob.id, 'WRITE');
  const { revokeApiKey: revoked } = await ask(server, revokeApiKey, { apiKeyId: bob.keyId }, other.key);
  expect(revoked.apiKey.revokedAt).toMatch(/Z$/);
  expect([await status(server, bob.key), await status(server, other.key)]).toEqual([401, 200]);
  const { revokeApiKey: again } = await ask(server, revokeApiKey, { apiKeyId: bob.keyId }, other.key);
  expect(again.apiKey.revokedAt).toBe(revoked.apiKey.revokedAt);
  await ask(server, revokeApiKey, { apiKeyId: other.keyId }, other.key);
  expect(await status(server, other.key)).toBe(401);
});

test('a key cannot revoke one with a wider scope, and a read-only key cannot revoke any', async () => {
  await using server = await startTestServer();
  const writer = await newKey(server, 'User:1', 'WRITE');
  const reader = await newKey(server, 'User:1', 'READ');
  expect(await errorOf(server, revokeApiKey, { apiKeyId: 'ApiKey:1' }, writer.key)).toMatch(/^FORBIDDEN: /);
  expect(await errorOf(server, revokeApiKey, { apiKeyId: reader.keyId }, reader.key)).toMatch(/^FORBIDDEN: /);
  await ask(server, revokeApiKey, { apiKeyId: reader.keyId }, writer.key);
});

test('the last usable administrator key cannot be revoked', async () => {
  await using server = await startTestServer();
  const locked = /^CONFLICT: This would leave no administrator/;
  expect(await errorOf(server, revokeApiKey, { apiKeyId: 'ApiKey:1' })).toMatch(locked);
  await newKey(server, 'User:1', 'WRITE');
  await newPerson(server, 'Root', { isAdmin: true, scope: 'WRITE' });
  const expiresAt = new Date(Date.now() + 200).toISOString();
  await ask(server, createApiKey, { input: { name: 'short', scope: 'ADMIN', expiresAt } });
  await pause(201);
  expect(await errorOf(server, revokeApiKey, { apiKeyId: 'ApiKey:1' })).toMatch(locked);
  expect(await status(server, server.key)).toBe(200);
  const { key } = await newKey(server, 'User:1', 'ADMIN');
  await ask(server, revokeApiKey, { apiKeyId: 'ApiKey:1' }, key);
  expect(await status(server, server.key)).toBe(401);
});

test('a key stops working when it expires, and creating an expired key fails with BAD_USER_INPUT', async () => {
  await using server = await startTestServer();
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const { key } = (await ask(server, createApiKey, { input: { name: 'short', expiresAt } })).createApiKey;
    expect(await status(server, key)).toBe(200);
    vi.setSystemTime(Date.now() + 60_000);
    expect(await status(server, key)).toBe(401);
    expect(await errorOf(server, createApiKey, { input: { name: 'late', expiresAt } })).toBe(
      'BAD_USER_INPUT: The expiry of a key must be in the future.',
    );
  } finally {
    vi.useRealTimers();
  }
});

test('revoking a key ends its subscriptions, and those with another key of the user continue', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const other = await newKey(server, bob.id, 'READ');
  const [first, second] = await Promise.all(
    [bob.key, other.key].map((key) =>
      subscribeToFileAdded(server, 'Task:1', { connectionParams: { authorization: `Bearer ${key}` } }),
    ),
  );
  await ask(server, revokeApiKey, { apiKeyId: bob.keyId });
  await uploadFile(server, 'Task:1', { name: 'after.txt', content: 'after' });
  await expect(first?.next()).rejects.toThrow();
  expect((await second?.next())?.file.name).toBe('after.txt');
  await first?.[Symbol.asyncDispose]();
  await second?.[Symbol.asyncDispose]();
});
