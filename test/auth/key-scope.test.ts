import { createHmac } from 'node:crypto';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readOrCreateSecret } from '../../src/storage/secret-file.ts';
import { call, newSigningKey } from '../legacy/worksection-calls.ts';
import { ask, codeOf, errorOf } from '../support/client.ts';
import { runSql } from '../support/database.ts';
import { uploadFile } from '../support/files.ts';
import { newKey, newPerson, revokeApiKey } from '../support/people.ts';
import { ADMIN_KEY, startTestServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

const makeQuery = `mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { key apiKey { id scope expiresAt } }
}`;

async function make(server: TestServer, input: Record<string, unknown>, by?: string) {
  type Made = { createApiKey: { key: string; apiKey: { id: string; scope: string; expiresAt: string | null } } };
  const { createApiKey } = await ask<Made>(server, makeQuery, { input: { name: 'k', ...input } }, by);
  return { key: createApiKey.key, ...createApiKey.apiKey };
}

async function signedUrlOf(server: TestServer, id: string, expiresIn: number, key?: string): Promise<string> {
  const query = 'query ($id: ID!, $expiresIn: Int) { file(id: $id) { url(expiresIn: $expiresIn) } }';
  return (await ask<{ file: { url: string } }>(server, query, { id, expiresIn }, key)).file.url;
}

const statusOf = async (url: string) => (await fetch(url)).status;

describe('a key created with another key', () => {
  test('expires no later than that key, for oneself, for others and over generations', async () => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob');
    const end = inSeconds(3600);
    const soon = await make(server, { scope: 'ADMIN', expiresAt: end });
    for (const userId of [undefined, bob.id]) {
      const input = userId === undefined ? {} : { userId };
      const inherited = await make(server, input, soon.key);
      expect(inherited.expiresAt).toBe(end);
      expect((await make(server, {}, inherited.key)).expiresAt).toBe(end);
      expect((await make(server, { ...input, expiresAt: inSeconds(60) }, soon.key)).expiresAt).not.toBe(end);
      const later = { input: { name: 'k', ...input, expiresAt: inSeconds(3700) } };
      expect(await errorOf(server, makeQuery, later, soon.key)).toContain(`BAD_USER_INPUT: The key that you use ends`);
    }
    expect((await make(server, {})).expiresAt).toBeNull();
  });

  test('has no wider scope than that key, and links created with an expiring key expire with it', async () => {
    await using server = await startTestServer();
    const file = await uploadFile(server, 'Task:1', 'a');
    const narrow = await make(server, { scope: 'WRITE' });
    expect(await codeOf(server, makeQuery, { input: { name: 'k', scope: 'ADMIN' } }, narrow.key)).toBe('FORBIDDEN');
    const reading = await make(server, { scope: 'READ' });
    expect(await codeOf(server, makeQuery, { input: { name: 'k', scope: 'READ' } }, reading.key)).toBe('FORBIDDEN');
    const soon = await make(server, { expiresAt: inSeconds(2) });
    const link = await signedUrlOf(server, file.id, 604_800, soon.key);
    expect(await statusOf(link)).toBe(200);
    await expect.poll(() => statusOf(link), { timeout: 10_000 }).toBe(401);
  });
});

describe('a copy of the database', () => {
  test('cannot sign links, whether or not the operator chose a secret', async () => {
    for (const env of [{}, { ATTACHE_SECRET: 'a secret of the operator' }] as Record<string, string>[]) {
      await using server = await startTestServer(env);
      const file = await uploadFile(server, 'Task:1', 'a');
      const [row] = await runSql<{ value: string }>(server.dataDir, `select value from secrets where name = 'links'`);
      const secret = Buffer.from(row?.value ?? '', 'hex');
      const until = Math.floor(Date.now() / 1000) + 600;
      for (const signedText of [
        `file ${file.databaseId} user 1 until ${until}`,
        `file ${file.databaseId} key 1 until ${until}`,
      ]) {
        const mac = createHmac('sha256', secret).update(signedText).digest('base64url');
        expect(await statusOf(`${file.url}?token=1.${until}.${mac}`)).toBe(401);
      }
      expect(await statusOf(await signedUrlOf(server, file.id, 600))).toBe(200);
    }
  });

  test('restored with another secret rejects the links created before', async () => {
    await using folder = await temporaryFolder('keys');
    let path = '';
    {
      await using server = await startTestServer({ DATA_DIR: folder.path });
      const file = await uploadFile(server, 'Task:1', 'a');
      const link = await signedUrlOf(server, file.id, 600);
      path = link.slice(server.url.length);
      expect(await statusOf(link)).toBe(200);
    }
    {
      await using server = await startTestServer({ DATA_DIR: folder.path });
      expect(await statusOf(server.url + path)).toBe(200);
    }
    await using server = await startTestServer({ DATA_DIR: folder.path, ATTACHE_SECRET: 'another secret, chosen' });
    expect(await statusOf(server.url + path)).toBe(401);
  });

  test('contains no decryptable keys except the signing keys', async () => {
    await using server = await startTestServer();
    await newPerson(server, 'Bob');
    expect(await runSql(server.dataDir, 'select * from sealed_keys')).toEqual([]);
    await newSigningKey(server);
    expect(await runSql(server.dataDir, 'select * from sealed_keys')).toHaveLength(1);
  });
});

describe('the secret file', () => {
  test('is created once and readable by its owner only, even when several callers create it concurrently', async () => {
    await using folder = await temporaryFolder('keys');
    const made = await Promise.all(Array.from({ length: 20 }, () => readOrCreateSecret(folder.path, 'secret')));
    expect(new Set(made).size).toBe(1);
    expect(made[0]).toMatch(/^[0-9a-f]{64}$/);
    const path = join(folder.path, 'secret');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readOrCreateSecret(folder.path, 'secret')).toBe(made[0]);
    expect((await readFile(path, 'utf8')).trim()).toBe(made[0]);
  });

  test.each(['', 'short', 'z'.repeat(64)])('that holds %j causes an error instead of a weak secret', async (text) => {
    await using folder = await temporaryFolder('keys');
    await writeFile(join(folder.path, 'secret'), text);
    await chmod(join(folder.path, 'secret'), 0o600);
    await expect(readOrCreateSecret(folder.path, 'secret')).rejects.toThrow('contains no secret');
  });

  test('is not created when the operator chose a secret', async () => {
    await using server = await startTestServer({ ATTACHE_SECRET: 'a secret of the operator' });
    await expect(stat(join(server.dataDir, 'secret'))).rejects.toThrow('ENOENT');
  });
});

describe('signing keys', () => {
  const signs = async (server: TestServer, key: string) =>
    (await call(server, 'action=get_projects', {}, key)).body.status === 'ok';

  test('are limited to five for each user, and revoking one allows another', async () => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob');
    const made = [];
    for (let index = 0; index < 5; index++) made.push(await newSigningKey(server, {}, bob.key));
    const query = 'mutation { createApiKey(input: { name: "k", canSign: true }) { key } }';
    expect(await errorOf(server, query, {}, bob.key)).toMatch(/^CONFLICT: User:\d+ has 5 signing keys already/);
    const ofAnother = await newSigningKey(server);
    expect(await signs(server, ofAnother.key)).toBe(true);
    await ask(server, revokeApiKey, { apiKeyId: made[0]?.id ?? '' });
    expect(await signs(server, (await newSigningKey(server, {}, bob.key)).key)).toBe(true);
    expect(await signs(server, made[0]?.key ?? '')).toBe(false);
  });

  test('are created with the older argument name forWorksection as well', async () => {
    await using server = await startTestServer();
    const query = 'mutation { createApiKey(input: { name: "k", forWorksection: true }) { key } }';
    const { createApiKey } = await ask<{ createApiKey: { key: string } }>(server, query, {});
    expect(await signs(server, createApiKey.key)).toBe(true);
  });

  test('are limited to 200 in total, and a call stays cheap on a server that already has more', async () => {
    await using folder = await temporaryFolder('keys');
    const env = { DATA_DIR: folder.path };
    {
      await using server = await startTestServer(env);
      const { key } = await newSigningKey(server);
      // Copies of one sealed key: opening a differently sealed one takes just as long.
      await runSql(
        folder.path,
        `with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000)
         insert into api_keys (user_id, name, hash, scope, created_at)
         select 1, 'many', 'hash ' || i, 'READ', (select min(created_at) from users) from n`,
      );
      await runSql(
        folder.path,
        `insert into sealed_keys (api_key_id, sealed)
         select id, (select max(sealed) from sealed_keys) from api_keys where name = 'many'`,
      );
      expect(await signs(server, key)).toBe(true);
      const took: number[] = [];
      for (let call = 0; call < 20; call++) {
        const before = process.cpuUsage();
        expect(await signs(server, 'a key of nobody')).toBe(false);
        const { user, system } = process.cpuUsage(before);
        took.push((user + system) / 1000);
      }
      // Milliseconds of CPU time: 30 and more when each call opened every key.
      expect(Math.min(...took)).toBeLessThan(15);
      const bob = await newPerson(server, 'Bob');
      const query = 'mutation { createApiKey(input: { name: "k", canSign: true }) { key } }';
      expect(await errorOf(server, query, {}, bob.key)).toMatch(/^CONFLICT: The server has 200 signing keys/);
    }
    await using server = await startTestServer({ ...env, ATTACHE_ADMIN_KEY: 'another-key-of-the-administrator' });
    expect(await codeOf(server, '{ viewer { id } }', {}, 'another-key-of-the-administrator')).toBeUndefined();
    expect(await codeOf(server, '{ viewer { id } }', {}, ADMIN_KEY)).toBe('UNAUTHENTICATED');
  });
});

test('the update deletes sealed copies of administrator keys made without canSign and keeps the others', async () => {
  await using folder = await temporaryFolder('keys');
  let key = '';
  {
    await using server = await startTestServer({ DATA_DIR: folder.path });
    key = (await newSigningKey(server)).key;
    await newKey(server, 'User:1', 'ADMIN');
    await runSql(
      folder.path,
      `insert into sealed_keys (api_key_id, sealed)
       select id, 'sealed unasked' from api_keys where name = 'ATTACHE_ADMIN_KEY'`,
    );
    await runSql(folder.path, `delete from migrations where name = '0011-unseal-administrators'`);
  }
  await using server = await startTestServer({ DATA_DIR: folder.path });
  expect(await runSql(folder.path, 'select * from sealed_keys')).toHaveLength(1);
  expect((await call(server, 'action=get_projects', {}, key)).body.status).toBe('ok');
});
