import { expect, test } from 'vitest';
import { begin, bytesOf, metadata, offsetOf, piece, sha256, tus, uploadByTus } from '../http/tus/client.ts';
import { ask } from '../support/client.ts';
import { runSql } from '../support/database.ts';
import { newKey, newPerson, revokeApiKey } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { createUploadToken, uploadOne, usage } from './guests.ts';

const at = (server: TestServer, key: string) => ({ url: server.url, key });

const revoke = (server: TestServer, id: string) =>
  ask(server, `mutation { revokeUploadToken(input: { uploadTokenId: "${id}" }) { uploadToken { id } } }`);

test('tus-js-client uploads with a token to its place, whether or not it names the place', async () => {
  await using server = await startTestServer();
  const { token, id } = await createUploadToken(server);
  const bytes = bytesOf(300_000);
  for (const pairs of [{}, { on: 'Task:1' }]) {
    const { fileId } = await uploadByTus(at(server, token), bytes, pairs, { chunkSize: 100_000 });
    const query = 'query ($id: ID!) { file(id: $id) { sha256 uploadTokenId attachedTo { id } } }';
    expect(await ask(server, query, { id: fileId })).toEqual({
      file: { sha256: sha256(bytes), uploadTokenId: id, attachedTo: [{ id: 'Task:1' }] },
    });
  }
  expect(await usage(server, id)).toEqual({ usedFiles: 2, usedBytes: 600_000 });
});

test('a token permits no other place, parent, session, status, unknown length or concatenation', async () => {
  await using server = await startTestServer();
  const { token, id } = await createUploadToken(server);
  const create = async (pairs: Record<string, string>, headers: Record<string, string> = { 'upload-length': '3' }) =>
    (
      await tus(at(server, token), 'POST', '/uploads', {
        'upload-metadata': metadata({ filename: 'a', ...pairs }),
        ...headers,
      })
    ).status;
  for (const on of ['Task:2', 'Project:1', 'Task:999999', 'Contact:1']) expect(await create({ on })).toBe(403);
  expect(await create({ parentId: 'File:1' })).toBe(403);
  expect(await create({ sessionToken: 'x' })).toBe(403);
  expect(await create({ status: 'APPROVED' })).toBe(403);
  expect(await create({ available: 'false' })).toBe(403);
  expect(await create({}, { 'upload-defer-length': '1' })).toBe(400);
  expect(await create({}, { 'upload-length': '3', 'upload-concat': 'partial' })).toBe(403);
  expect(await create({}, { 'upload-concat': 'final;/uploads/00000000-0000-4000-8000-000000000000' })).toBe(400);
  expect(await usage(server, id)).toEqual({ usedFiles: 0, usedBytes: 0 });
});

test('an upload reserves its length with the token, and gives it back when it is deleted', async () => {
  await using server = await startTestServer();
  const { token, id } = await createUploadToken(server, { maxFiles: 2, maxBytes: 100, contentTypes: ['text/plain'] });
  const place = at(server, token);
  const path = await begin(place, 90);
  expect(await usage(server, id)).toEqual({ usedFiles: 1, usedBytes: 90 });
  await expect(begin(place, 11)).rejects.toThrow('507');
  expect(await uploadOne(server, token, 'a.txt', 'x'.repeat(11))).toBe('INSUFFICIENT_STORAGE');
  await expect(begin(place, 5, { filetype: 'video/mp4' })).rejects.toThrow('415');
  expect((await tus(place, 'DELETE', path)).status).toBe(204);
  expect(await usage(server, id)).toEqual({ usedFiles: 0, usedBytes: 0 });

  // Its content is of another type than it declared: it fails for good, and counts no longer.
  const forged = await begin(place, 16, { filetype: 'text/plain', filename: 'a.txt' });
  const zip = Buffer.from('504b0304140000000000000000000000', 'hex');
  expect((await tus(place, 'PATCH', forged, piece(0), zip)).status).toBe(415);
  expect((await tus(place, 'HEAD', forged)).status).toBe(404);
  expect(await usage(server, id)).toEqual({ usedFiles: 0, usedBytes: 0 });
  expect(await server.stored()).toEqual({ staging: [], blobs: [] });
});

test('an upload belongs to its token: neither another token nor its creator continues it, nor the token theirs', async () => {
  await using server = await startTestServer();
  const [one, other] = [await createUploadToken(server), await createUploadToken(server)];
  const paths = new Map<string, string>();
  for (const key of [one.token, other.token, server.key]) paths.set(key, await begin(at(server, key), 4));
  for (const [owner, path] of paths) {
    for (const key of paths.keys()) {
      if (key === owner) continue;
      for (const method of ['HEAD', 'GET', 'DELETE'])
        expect((await tus(at(server, key), method, path)).status).toBe(404);
      expect((await tus(at(server, key), 'PATCH', path, piece(0), 'abcd')).status).toBe(404);
    }
  }
  for (const [key, path] of paths)
    expect((await tus(at(server, key), 'PATCH', path, piece(0), 'abcd')).status).toBe(204);
});

test('revoking a token ends an upload that has begun, and nothing of it is stored', async () => {
  await using server = await startTestServer();
  const { token, id } = await createUploadToken(server);
  const place = at(server, token);
  const path = await begin(place, 8);
  expect((await tus(place, 'PATCH', path, piece(0), 'half')).status).toBe(204);
  expect(await offsetOf(place, path)).toBe(4);
  await revoke(server, id);
  for (const method of ['HEAD', 'GET', 'DELETE']) expect((await tus(place, method, path)).status).toBe(401);
  expect((await tus(place, 'PATCH', path, piece(4), 'half')).status).toBe(401);
  // It no longer counts for the creator as soon as maintenance has run.
  const expired = `select u.id from resumable_uploads u join upload_tokens t on t.id = u.upload_token_id
    where u.expires_at <= t.revoked_at`;
  expect(await runSql(server.dataDir, expired)).toHaveLength(1);
  expect(await ask(server, '{ task(id: "Task:1") { files { totalCount } } }')).toEqual({
    task: { files: { totalCount: 0 } },
  });
});

/** Begins to send bytes: the server holds the lock of the upload when it resolves. */
async function beginPatch(place: { url: string; key: string; dataDir: string }, path: string, first: string) {
  const body = new TransformStream<Uint8Array, Uint8Array>();
  const writer = body.writable.getWriter();
  const response = fetch(new URL(path, place.url), {
    method: 'PATCH',
    headers: { authorization: `Bearer ${place.key}`, 'tus-resumable': '1.0.0', ...piece(0) },
    body: body.readable,
    duplex: 'half',
  } as RequestInit);
  await writer.write(Buffer.from(first));
  const leased = 'select id from resumable_uploads where lease is not null';
  await expect.poll(() => runSql(place.dataDir, leased)).toHaveLength(1);
  return {
    async end(last: string): Promise<number> {
      await writer.write(Buffer.from(last)).catch(() => {}); // the server may have answered already
      await writer.close().catch(() => {});
      return (await response).status;
    },
  };
}

test('revoking a token while a request sends the last bytes refuses the file', async () => {
  await using server = await startTestServer();
  const { token, id } = await createUploadToken(server);
  const place = at(server, token);
  const path = await begin(place, 8);
  const body = new TransformStream<Uint8Array, Uint8Array>();
  const writer = body.writable.getWriter();
  const response = fetch(new URL(path, place.url), {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0', ...piece(0) },
    body: body.readable,
    duplex: 'half',
  } as RequestInit);
  await writer.write(Buffer.from('first'));
  await revoke(server, id);
  await writer.write(Buffer.from('end'));
  await writer.close();
  expect((await response).status).toBe(401);
  expect(await ask(server, '{ task(id: "Task:1") { files { totalCount } } }')).toEqual({
    task: { files: { totalCount: 0 } },
  });
});

/** What ends the credentials of a request that sends bytes, and which credentials they are. */
const endings: Record<string, (server: TestServer) => Promise<{ key: string; end(): Promise<unknown> }>> = {
  async 'its upload token is revoked'(server) {
    const { token, id } = await createUploadToken(server);
    return { key: token, end: () => revoke(server, id) };
  },
  async 'the key that created its upload token is revoked'(server) {
    const { key, keyId } = await newKey(server, 'User:1', 'WRITE');
    const { token } = await createUploadToken(server, {}, key);
    return { key: token, end: () => ask(server, revokeApiKey, { apiKeyId: keyId }) };
  },
  async 'the creator of its upload token is disabled'(server) {
    const { id, key } = await newPerson(server, 'Editor', { role: 'EDITOR' });
    const { token } = await createUploadToken(server, {}, key);
    const disable = `mutation { disableUser(input: { userId: "${id}" }) { user { id } } }`;
    return { key: token, end: () => ask(server, disable) };
  },
  async 'its user is removed'(server) {
    const { id, key } = await newPerson(server, 'Editor', { role: 'EDITOR' });
    return { key, end: () => ask(server, `mutation { removeUser(input: { userId: "${id}" }) { user { id } } }`) };
  },
};

for (const [ending, start] of Object.entries(endings)) {
  // Which part of the bytes is sent: with all of them, the upload would become a file.
  for (const last of ['end', 'e']) {
    test(`a request that sends ${last === 'end' ? 'the last' : 'some'} bytes is refused when ${ending}`, async () => {
      await using server = await startTestServer();
      const { key, end } = await start(server);
      const place = { ...at(server, key), dataDir: server.dataDir };
      const path = await begin(place, 8, { on: 'Task:1' });
      const patch = await beginPatch(place, path, 'first');
      await end();
      expect(await patch.end(last)).toBe(401);
      expect(await ask(server, '{ task(id: "Task:1") { files { totalCount } } }')).toEqual({
        task: { files: { totalCount: 0 } },
      });
    });
  }
}

test('a request does not extend an upload whose token is revoked while it sends', async () => {
  await using server = await startTestServer();
  const { token, id } = await createUploadToken(server);
  const place = { ...at(server, token), dataDir: server.dataDir };
  const patch = await beginPatch(place, await begin(place, 8), 'first');
  await revoke(server, id);
  await patch.end('e');
  const expired = `select u.id from resumable_uploads u join upload_tokens t on t.id = u.upload_token_id
    where u.expires_at <= t.revoked_at`;
  expect(await runSql(server.dataDir, expired)).toHaveLength(1);
});
