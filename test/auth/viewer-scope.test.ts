import { expect, test } from 'vitest';
import { createUploadToken } from '../sharing/guests.ts';
import { createShareLink } from '../sharing/share-guests.ts';
import { ask, codeOf } from '../support/client.ts';
import { sharedSecret, tokenOf } from '../support/jwt.ts';
import { newKey, newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const scopeOf = async (server: TestServer, key?: string) =>
  (await ask<{ viewerScope: string }>(server, '{ viewerScope }', {}, key)).viewerScope;

test('viewerScope is that of the key, also for an administrator and without a project', async () => {
  await using server = await startTestServer();
  expect(await scopeOf(server)).toBe('ADMIN');
  for (const scope of ['READ', 'WRITE'] as const) {
    expect(await scopeOf(server, (await newKey(server, 'User:1', scope)).key)).toBe(scope);
    expect(await scopeOf(server, (await newPerson(server, 'Ada', { scope })).key)).toBe(scope);
  }
});

test('viewerScope is the widest one of the claims of a token', async () => {
  await using server = await startTestServer({ ...sharedSecret, AUTH_JWT_SCOPE_PREFIX: 'attache:' });
  const withScope = (scope: string) => tokenOf('ada', { scope });
  expect(await scopeOf(server, await withScope('openid attache:read'))).toBe('READ');
  expect(await scopeOf(server, await withScope('attache:read attache:write'))).toBe('WRITE');
});

test('canRevoke of an API key is what revokeApiKey decides', async () => {
  await using server = await startTestServer();
  const ada = await newPerson(server, 'Ada', { isAdmin: true });
  const readKey = await newKey(server, ada.id, 'READ');
  const adminKey = await newKey(server, ada.id, 'ADMIN');
  const query = 'query ($id: ID!) { user(id: $id) { apiKeys { nodes { id canRevoke } } } }';
  type Found = { user: { apiKeys: { nodes: { id: string; canRevoke: boolean }[] } } };
  const revoke = 'mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { id } } }';
  const expected = { [readKey.key]: [false, false, false], [ada.key]: [true, true, false] };
  for (const [key, flags] of Object.entries(expected)) {
    const { nodes } = (await ask<Found>(server, query, { id: ada.id }, key)).user.apiKeys;
    expect(nodes.map(({ canRevoke }) => canRevoke)).toEqual(flags);
    for (const { id, canRevoke } of nodes)
      if (!canRevoke) expect([id, await codeOf(server, revoke, { id }, key)]).toEqual([id, 'FORBIDDEN']);
  }
  for (const id of [readKey.keyId, ada.keyId])
    expect(await codeOf(server, revoke, { id }, adminKey.key)).toBeUndefined();
});

test('canRevoke of upload tokens and share links is what their mutations decide', async () => {
  await using server = await startTestServer();
  const people = {
    owner: await newPerson(server, 'Olga', { role: 'OWNER' }),
    creator: await newPerson(server, 'Carl', { role: 'EDITOR' }),
    editor: await newPerson(server, 'Edda', { role: 'EDITOR' }),
  };
  const reading = await newKey(server, people.creator.id, 'READ');
  const link = await createShareLink(server, {}, people.creator.key);
  const token = await createUploadToken(server, {}, people.creator.key);
  const query = `query ($link: ID!, $token: ID!) {
    link: node(id: $link) { ... on ShareLink { canRevoke } }
    token: node(id: $token) { ... on UploadToken { canRevoke } }
  }`;
  const ids = { link: link.id, token: token.id };
  const flagsOf = async (key: string) => {
    const { link, token } = await ask<Record<'link' | 'token', { canRevoke: boolean }>>(server, query, ids, key);
    return [link.canRevoke, token.canRevoke];
  };
  const revocations = [
    `mutation { revokeShareLink(input: { shareLinkId: "${ids.link}" }) { shareLink { id } } }`,
    `mutation { revokeUploadToken(input: { uploadTokenId: "${ids.token}" }) { uploadToken { id } } }`,
  ];
  for (const key of [reading.key, people.editor.key]) {
    expect(await flagsOf(key)).toEqual([false, false]);
    for (const mutation of revocations) expect(await codeOf(server, mutation, {}, key)).toBe('FORBIDDEN');
  }
  for (const key of [people.creator.key, people.owner.key, server.key])
    expect(await flagsOf(key)).toEqual([true, true]);
  for (const mutation of revocations) expect(await codeOf(server, mutation, {}, people.owner.key)).toBeUndefined();
});
