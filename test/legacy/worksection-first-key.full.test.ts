import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import { startProcess } from '../support/process.ts';
import { startTestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { addKey } from '../support/user.ts';
import { answerOf, call, md5, newSigningKey } from './worksection-calls.ts';

const sealed = (dataDir: string) => runSql(dataDir, 'select api_key_id from sealed_keys');

test('the administrator key that the first start generates cannot sign', async () => {
  await using folder = await temporaryFolder('worksection');
  await using server = await startProcess({ DATA_DIR: folder.path });
  const key = /Administrator key\s+(\S+)/.exec(server.printed())?.[1];
  const url = server.graphqlUrl.replace('graphql', 'api/admin/v2/?action=get_projects');
  const signed = await answerOf(await fetch(`${url}&hash=${md5(`action=get_projects${key}`)}`));
  expect(signed.body.status_code).toBe(2);
  const sent = await answerOf(await fetch(url, { headers: { authorization: `Bearer ${key}` } }));
  expect(sent.body.status).toBe('ok');
  expect(await sealed(folder.path)).toEqual([]);
});

test('the configured administrator key cannot sign, also after a restart', async () => {
  await using folder = await temporaryFolder('worksection');
  for (let start = 0; start < 2; start++) {
    await using server = await startTestServer({ DATA_DIR: folder.path });
    expect((await call(server, 'action=get_projects')).body.status_code).toBe(2);
    expect(await sealed(folder.path)).toEqual([]);
  }
});

test('a signing key works after a restart, also one made on the command line', async () => {
  await using folder = await temporaryFolder('worksection');
  const keys: string[] = [];
  for (let start = 0; start < 2; start++) {
    await using server = await startTestServer({ DATA_DIR: folder.path });
    if (keys.length === 0) {
      keys.push(await addKey(server, 'User:1', '--can-sign'));
      keys.push((await newSigningKey(server)).key);
    }
    for (const key of keys) expect((await call(server, 'action=get_projects', {}, key)).body.status).toBe('ok');
  }
});
