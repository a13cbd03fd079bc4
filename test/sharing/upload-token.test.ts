import { expect, test } from 'vitest';
import { ask, codeOf, errorOf } from '../support/client.ts';
import { newKey, newPerson, revokeApiKey } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { createUploadToken, uploadOne, uploadParts, usage } from './guests.ts';

test('a bearer uploads to the place of the token in the name of its creator', async () => {
  await using server = await startTestServer();
  const { token, id } = await createUploadToken(server);
  const { data } = await uploadParts(server, token, [
    { name: 'a.txt', content: 'first' },
    { name: 'b.txt', content: 'second' },
  ]);
  expect(data?.uploadWithToken.errors).toEqual([]);
  expect(data?.uploadWithToken.files).toMatchObject([
    { name: 'a.txt', size: 5, contentType: 'text/plain' },
    { name: 'b.txt', size: 6 },
  ]);
  const fileId = data?.uploadWithToken.files[0]?.fileId;
  const query = 'query ($id: ID!) { file(id: $id) { createdBy { id } uploadTokenId attachedTo { id } } }';
  expect(await ask(server, query, { id: fileId })).toEqual({
    file: { createdBy: { id: 'User:1' }, uploadTokenId: id, attachedTo: [{ id: 'Task:1' }] },
  });
  const events = '{ fileEvents(on: "Task:1", first: 10) { nodes { file { name uploadTokenId } } } }';
  expect(await ask(server, events)).toEqual({
    fileEvents: { nodes: ['a.txt', 'b.txt'].map((name) => ({ file: { name, uploadTokenId: id } })) },
  });
  expect(await usage(server, id)).toEqual({ usedFiles: 2, usedBytes: 11 });
});

test('files past maxFiles and maxBytes fail alone, and what failed counts nothing', async () => {
  await using server = await startTestServer();
  const { token, id } = await createUploadToken(server, { maxFiles: 2, maxBytes: 10 });
  const { data } = await uploadParts(server, token, [
    { name: 'long.txt', content: 'more than ten bytes' },
    { name: 'a.txt', content: '1234' },
    { name: 'b.txt', content: '1234' },
    { name: 'c.txt', content: '12' },
  ]);
  expect(data?.uploadWithToken.files.map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
  expect(data?.uploadWithToken.errors).toMatchObject([
    { index: 0, code: 'INSUFFICIENT_STORAGE' },
    { index: 3, code: 'INSUFFICIENT_STORAGE' },
  ]);
  expect(await usage(server, id)).toEqual({ usedFiles: 2, usedBytes: 8 });
  expect(await uploadOne(server, token)).toBe('INSUFFICIENT_STORAGE');
  expect((await server.stored()).blobs).toHaveLength(2);
});

test('the content of a file has to be of an accepted type, whatever its name and declared type', async () => {
  await using server = await startTestServer();
  const { token } = await createUploadToken(server, { contentTypes: ['image/*', 'application/pdf'] });
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==',
    'base64',
  );
  const { data } = await uploadParts(server, token, [
    { name: 'a.png', content: new Blob([png]), type: 'image/png' },
    { name: 'b.png', content: '<script>alert(1)</script>', type: 'image/png' },
    { name: 'c.txt', content: new Blob([png]), type: 'text/plain' },
  ]);
  expect(data?.uploadWithToken.files.map(({ contentType }) => contentType)).toEqual(['image/png', 'image/png']);
  expect(data?.uploadWithToken.errors).toMatchObject([{ filename: 'b.png', code: 'UNSUPPORTED_MEDIA_TYPE' }]);
});

test('an idempotency key of a guest returns the first result, and belongs to the token alone', async () => {
  await using server = await startTestServer();
  const [one, other] = [await createUploadToken(server), await createUploadToken(server)];
  const send = (token: string) => uploadParts(server, token, [{ name: 'a.txt', content: 'once' }], 'the key');
  const first = await send(one.token);
  expect(first.data?.uploadWithToken.files).toHaveLength(1);
  expect((await send(one.token)).data).toEqual(first.data);
  const second = await send(other.token);
  expect(second.data?.uploadWithToken.files[0]?.fileId).not.toBe(first.data?.uploadWithToken.files[0]?.fileId);
  expect(await usage(server, one.id)).toEqual({ usedFiles: 1, usedBytes: 4 });
});

test('concurrent uploads never exceed maxFiles', async () => {
  await using server = await startTestServer();
  const { token, id } = await createUploadToken(server, { maxFiles: 5 });
  const outcomes = await Promise.all(
    Array.from({ length: 16 }, (_, index) => uploadOne(server, token, `${index}.txt`)),
  );
  expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(5);
  expect(outcomes.filter((outcome) => outcome === 'INSUFFICIENT_STORAGE')).toHaveLength(11);
  expect((await usage(server, id)).usedFiles).toBe(5);
});

test('a token works with the rights that its creator has at the time', async () => {
  await using server = await startTestServer();
  const editor = await newPerson(server, 'Editor', { role: 'EDITOR' });
  const { token } = await createUploadToken(server, {}, editor.key);
  expect(await uploadOne(server, token)).toBe('stored');
  const change = (role: string) =>
    ask(
      server,
      `mutation { updateProjectMember(input: { projectId: "Project:1", userId: "${editor.id}", role: ${role} }) { project { id } } }`,
    );
  await change('VIEWER');
  expect(await uploadOne(server, token)).toBe('FORBIDDEN');
  await change('EDITOR');
  expect(await uploadOne(server, token)).toBe('stored');
  await ask(
    server,
    `mutation { removeProjectMember(input: { projectId: "Project:1", userId: "${editor.id}" }) { project { id } } }`,
  );
  expect(await uploadOne(server, token)).toBe('NOT_FOUND');
});

test('a token ends with the key that created it', async () => {
  await using server = await startTestServer();
  const { key, keyId } = await newKey(server, 'User:1', 'WRITE');
  const { token } = await createUploadToken(server, {}, key);
  expect(await uploadOne(server, token)).toBe('stored');
  await ask(server, revokeApiKey, { apiKeyId: keyId });
  expect(await uploadOne(server, token)).toBe('UNAUTHENTICATED');
});

test('only users who may edit the place create tokens, which end no later than their keys', async () => {
  await using server = await startTestServer();
  const viewer = await newPerson(server, 'Viewer', { role: 'VIEWER' });
  const stranger = await newPerson(server, 'Stranger');
  const reader = await newPerson(server, 'Reader', { role: 'EDITOR', scope: 'READ' });
  const create = (key: string, input = {}) => createUploadToken(server, input, key);
  await expect(create(viewer.key)).rejects.toThrow('FORBIDDEN');
  await expect(create(stranger.key)).rejects.toThrow('NOT_FOUND');
  await expect(create(reader.key)).rejects.toThrow('FORBIDDEN');
  for (const input of [{ expiresIn: 59 }, { expiresIn: 7_776_001 }, { maxFiles: 0 }, { maxBytes: 0 }])
    await expect(create(server.key, input)).rejects.toThrow('BAD_USER_INPUT');
  await expect(create(server.key, { contentTypes: ['*/*'] })).rejects.toThrow('BAD_USER_INPUT');
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const short = await ask<{ createApiKey: { key: string } }>(
    server,
    `mutation { createApiKey(input: { name: "short", expiresAt: "${expiresAt}" }) { key } }`,
  );
  await expect(create(short.createApiKey.key)).rejects.toThrow('BAD_USER_INPUT');
  expect(await uploadOne(server, (await create(short.createApiKey.key, { expiresIn: 300 })).token)).toBe('stored');
});

test('creators, owners of the project and administrators see and revoke a token, and others do not', async () => {
  await using server = await startTestServer();
  const creator = await newPerson(server, 'Creator', { role: 'EDITOR' });
  const editor = await newPerson(server, 'Editor', { role: 'EDITOR' });
  const owner = await newPerson(server, 'Owner', { role: 'OWNER' });
  const viewer = await newPerson(server, 'Viewer', { role: 'VIEWER' });
  const { token, id } = await createUploadToken(server, {}, creator.key);
  const onTask = '{ task(id: "Task:1") { uploadTokens(first: 5) { totalCount nodes { id createdBy { id } } } } }';
  const tokens = { totalCount: 1, nodes: [{ id, createdBy: { id: creator.id } }] };
  for (const { key } of [creator, editor, owner])
    expect(await ask(server, onTask, {}, key)).toEqual({ task: { uploadTokens: tokens } });
  expect(await ask(server, onTask, {}, viewer.key)).toEqual({ task: { uploadTokens: null } });
  const own = '{ viewer { uploadTokens { nodes { id } } } }';
  expect(await ask(server, own, {}, creator.key)).toEqual({ viewer: { uploadTokens: { nodes: [{ id }] } } });
  const ofCreator = `{ user(id: "${creator.id}") { uploadTokens { nodes { id } } } }`;
  expect(await ask(server, ofCreator, {}, editor.key)).toEqual({ user: { uploadTokens: null } });
  expect(await codeOf(server, `{ node(id: "${id}") { id } }`, {}, viewer.key)).toBe('NOT_FOUND');

  const revoke = `mutation { revokeUploadToken(input: { uploadTokenId: "${id}" }) { uploadToken { id revokedAt } } }`;
  expect(await codeOf(server, revoke, {}, viewer.key)).toBe('NOT_FOUND');
  expect(await codeOf(server, revoke, {}, editor.key)).toBe('FORBIDDEN');
  expect(await uploadOne(server, token)).toBe('stored');
  const { revokeUploadToken } = await ask<{ revokeUploadToken: { uploadToken: { revokedAt: string } } }>(
    server,
    revoke,
    {},
    owner.key,
  );
  expect(await uploadOne(server, token)).toBe('UNAUTHENTICATED');
  expect(await ask(server, revoke)).toEqual({ revokeUploadToken });
});

test('users cannot use the mutations of guests', async () => {
  await using server = await startTestServer();
  expect(await uploadOne(server, server.key)).toBe('FORBIDDEN');
  expect(
    await errorOf(server, 'mutation { completeUploadWithToken(input: { uploadId: "x" }) { file { fileId } } }'),
  ).toContain('FORBIDDEN');
});

test('the quota of the project holds for guests, and its error does not say what is left', async () => {
  await using server = await startTestServer();
  await ask(server, 'mutation { updateProject(input: { projectId: "Project:1", maxBytes: 10 }) { project { id } } }');
  const { token, id } = await createUploadToken(server);
  const { data } = await uploadParts(server, token, [{ name: 'a.txt', content: 'eleven byte' }]);
  expect(data?.uploadWithToken.errors).toMatchObject([
    { code: 'INSUFFICIENT_STORAGE', message: 'There is no space for this file at the moment.' },
  ]);
  expect(await usage(server, id)).toEqual({ usedFiles: 0, usedBytes: 0 });
});
