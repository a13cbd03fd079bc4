import { describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { testInFull } from '../support/length.ts';
import { newKey as newKeyOf, newPerson, revokeApiKey } from '../support/people.ts';
import type { TestServer } from '../support/server.ts';
import { addKey, addUser } from '../support/user.ts';
import {
  adminHeader,
  answerOf,
  attachments,
  call,
  md5,
  newSigningKey,
  startSigningServer,
} from './worksection-calls.ts';

const unknown = {
  status: 'error',
  status_code: 2,
  message: 'Action hash is missed or invalid',
  message_details: '',
};

describe('hash of the query', () => {
  test('may be of the encoded or of the decoded query', async () => {
    await using server = await startSigningServer();
    const sent = [
      ['action=post_project&title=H%C3%A9llo%20w', 'action=post_project&title=H%C3%A9llo%20w'],
      ['action=post_project&title=H%C3%A9llo%20w', 'action=post_project&title=Héllo w'],
      ['action=post_project&title=H%C3%A9llo+w', 'action=post_project&title=Héllo w'],
      ['title=x&action=post_project', 'title=x&action=post_project'],
    ];
    for (const [query, text] of sent) {
      const url = `${server.url}/api/admin/v2?hash=${md5(text + server.key).toUpperCase()}&${query}`;
      expect(await (await fetch(url)).json()).toMatchObject({ status: 'ok' });
    }
  });

  test.each([
    ['is missing', () => 'action=get_projects'],
    ['is no hash', () => 'action=get_projects&hash=x'],
    ['is of another query', (key: string) => `action=get_projects&hash=${md5(`action=get_files${key}`)}`],
    ['is of the key alone', (key: string) => `hash=${md5(key)}`],
    ['is of another key', () => `action=get_projects&hash=${md5('action=get_projectsx')}`],
  ])('is rejected if it %s', async (_what, queryWith) => {
    await using server = await startSigningServer();
    const query = queryWith(server.key);
    const init = { method: 'POST', body: new URLSearchParams({ action: 'get_projects' }) };
    for (const given of [{}, init]) {
      const answered = await answerOf(await fetch(`${server.url}/api/admin/v2/?${query}`, given));
      expect(answered).toEqual({ status: 200, type: 'application/json; charset=utf-8', body: unknown });
    }
  });
});

describe('time signature in the Authorization header', () => {
  const send = async (server: TestServer, authorization: string, body: unknown, mark = '') =>
    answerOf(
      await fetch(`${server.url}/api/admin/v2/`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: mark + JSON.stringify(body),
      }),
    );

  test('signs the action and the time, and leaves the parameters to the JSON body', async () => {
    await using server = await startSigningServer();
    const body = { action: 'post_task', id_project: 1, title: 'By JSON' };
    for (const mark of ['', '\uFEFF']) {
      expect((await send(server, adminHeader(server.key, 'post_task'), body, mark)).body).toMatchObject({
        status: 'ok',
        data: { name: 'By JSON' },
      });
    }
  });

  test('is rejected for another action, another key, or a time that differs by more than 300 seconds', async () => {
    await using server = await startSigningServer();
    const now = Math.floor(Date.now() / 1000);
    for (const header of [
      adminHeader(server.key, 'get_files'),
      adminHeader('another key', 'get_projects'),
      adminHeader(server.key, 'get_projects', now - 400),
      adminHeader(server.key, 'get_projects', now + 400),
      'Admin x',
    ]) {
      expect((await send(server, header, { action: 'get_projects' })).body).toEqual(unknown);
    }
    expect(
      (await send(server, adminHeader(server.key, 'get_projects', now - 200), { action: 'get_projects' })).body.status,
    ).toBe('ok');
  });
});

describe('API keys', () => {
  test('only a key created with canSign can sign, and it acts as its user', async () => {
    await using server = await startSigningServer();
    const person = await newPerson(server, 'Person', { role: 'VIEWER' });
    expect((await call(server, 'action=get_projects', {}, person.key)).body).toEqual(unknown);
    const { key } = await newSigningKey(server, { userId: person.id });
    expect((await call(server, 'action=get_projects', {}, key)).body.data).toHaveLength(1);
    expect((await call(server, 'action=post_task&id_project=1&title=T', {}, key)).body).toMatchObject({
      status_code: 3,
    });
    const bearer = { headers: { authorization: `Bearer ${person.key}` } };
    expect((await answerOf(await fetch(`${server.url}/api/admin/v2?action=get_projects`, bearer))).body.status).toBe(
      'ok',
    );
  });

  test('a viewer and a READ key may list with a form body, whose files are not stored', async () => {
    await using server = await startSigningServer();
    const viewer = await newPerson(server, 'Viewer', { role: 'VIEWER' });
    const reading = await newKeyOf(server, 'User:1', 'READ');
    for (const { key } of [viewer, reading]) {
      const headers = { authorization: `Bearer ${key}` };
      const url = `${server.url}/api/admin/v2/?action=get_files&id_task=1`;
      for (const form of [attachments(), attachments('a'), { method: 'POST', body: new URLSearchParams({ a: 'b' }) }])
        expect((await answerOf(await fetch(url, { ...form, headers }))).body).toEqual({ status: 'ok', data: [] });
    }
    expect(await server.stored()).toEqual({ staging: [], blobs: [] });
  });

  test('a revoked or expired key can no longer sign', async () => {
    await using server = await startSigningServer();
    const revoked = await newSigningKey(server);
    const expiring = await newSigningKey(server, {
      expiresAt: new Date(Date.now() + 1500).toISOString(),
    });
    for (const { key } of [revoked, expiring])
      expect((await call(server, 'action=get_projects', {}, key)).body.status).toBe('ok');
    await ask(server, revokeApiKey, { apiKeyId: revoked.id });
    expect((await call(server, 'action=get_projects', {}, revoked.key)).body).toEqual(unknown);
    await expect
      .poll(async () => (await call(server, 'action=get_projects', {}, expiring.key)).body, { timeout: 10_000 })
      .toEqual(unknown);
  });

  test('the database does not contain a signing key in plain text', async () => {
    await using server = await startSigningServer();
    const { key } = await newSigningKey(server);
    const { readdir, readFile } = await import('node:fs/promises');
    for (const name of await readdir(server.dataDir))
      if (name.startsWith('attache.db'))
        expect((await readFile(`${server.dataDir}/${name}`)).includes(key)).toBe(false);
  });

  test('a key from before ATTACHE_SECRET changed cannot sign, but still works as a bearer token', async () => {
    const { mkdtemp, rm } = await import('node:fs/promises');
    const folder = await mkdtemp('/tmp/attache-worksection-');
    await using _gone = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
    let key = '';
    {
      await using server = await startSigningServer({ DATA_DIR: folder });
      key = (await newSigningKey(server)).key;
    }
    await using server = await startSigningServer({ DATA_DIR: folder, ATTACHE_SECRET: 'a secret of the operator' });
    expect((await call(server, 'action=get_projects', {}, key)).body).toEqual(unknown);
    expect((await call(server, 'action=get_projects')).body.status).toBe('ok'); // created since
    const bearer = { headers: { authorization: key } };
    expect((await answerOf(await fetch(`${server.url}/api/admin/v2?action=get_projects`, bearer))).body.status).toBe(
      'ok',
    );
  });

  testInFull('a key created on the command line with --can-sign can sign', async () => {
    await using server = await startSigningServer();
    const { id } = await addUser(server, 'Operator');
    const key = await addKey(server, id, '--can-sign');
    expect((await call(server, 'action=get_projects', {}, key)).body).toEqual({ status: 'ok', data: [] });
    expect((await call(server, 'action=get_projects', {}, await addKey(server, id))).body).toEqual(unknown);
  });
});
