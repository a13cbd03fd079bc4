import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';
import { startTestServer } from '../support/server.ts';
import { answerOf, call, md5 } from './worksection-calls.ts';

test('the key that a first start makes signs at once, and after the next start', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'attache-worksection-'));
  let key = '';
  for (let start = 0; start < 2; start++) {
    await using server = await startProcess({ DATA_DIR: folder.path });
    key ||= /Administrator key\s+(\S+)/.exec(server.printed())?.[1] ?? '';
    const url = server.graphqlUrl.replace('graphql', 'api/admin/v2/?action=get_projects&hash=');
    const { body } = await answerOf(await fetch(url + md5(`action=get_projects${key}`)));
    expect(body).toMatchObject({ status: 'ok', data: [{ name: 'Website relaunch' }] });
    await server.end('SIGTERM');
  }
});

test('the key of the administrator is not kept to sign with where nobody asks for Worksection', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'attache-worksection-'));
  const KEY_MADE_LATER = 'a-key-of-the-administrator';
  {
    await using server = await startTestServer({ DATA_DIR: folder.path, LEGACY_APIS: 'none' });
    const response = await fetch(`${server.url}/api/admin/v2/?action=get_projects`);
    expect(response.status).toBe(404);
  }
  await using server = await startTestServer({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY_MADE_LATER });
  expect((await call(server, 'action=get_projects')).body.status_code).toBe(2);
  expect((await call(server, 'action=get_projects', {}, KEY_MADE_LATER)).body.status).toBe('ok');
});
