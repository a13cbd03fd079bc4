import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createCliUser } from '../../support/client-cli.ts';
import { names, uploadFile } from '../../support/files.ts';
import { startTestServer } from '../../support/server.ts';

/** Root reads every file: there, the command runs as `nobody`. */
const uid = process.getuid?.() === 0 ? 65_534 : undefined;

test('sync skips what it cannot read, syncs the others, and takes nothing for deleted', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  const own = async (path: string) => void (uid !== undefined && (await chown(user.path(path), uid, uid)));
  await mkdir(user.path('here'));
  await own('.');
  await own('here');
  const write = async (name: string, content: string) => {
    await writeFile(user.path('here', name), content);
    await own(`here/${name}`);
  };
  const sync = () => user.run(['sync', 'here', 'Task:1', '--delete'], { uid });
  await write('known.txt', 'first');
  await write('a.txt', 'a');
  expect(await sync()).toMatchObject({ code: 0 });

  // One is new, of one both sides have an older version.
  await write('secret.txt', 'new');
  await write('known.txt', 'second, longer');
  await write('b.txt', 'b');
  for (const name of ['secret.txt', 'known.txt']) await chmod(user.path('here', name), 0);
  await uploadFile(server, 'Task:1', 'c.txt');
  await uploadFile(server, 'Task:1', { name: 'secret.txt', content: 'of another' });
  const { code, stdout, stderr } = await sync();
  expect(code).toBe(1);
  expect(stdout.trimEnd().split('\n').sort()).toEqual(['downloaded\tc.txt', 'uploaded\tb.txt']);
  for (const name of ['secret.txt', 'known.txt']) expect(stderr).toContain(`failed: ${name}: you may not read it`);
  expect(stderr).toContain('2 changed, 2 failed.');
  expect(await names(server, 'Task:1')).toEqual(expect.arrayContaining(['a.txt', 'b.txt', 'known.txt', 'secret.txt']));

  for (const name of ['secret.txt', 'known.txt']) await chmod(user.path('here', name), 0o600);
  const after = await sync();
  expect(after).toMatchObject({ code: 0 });
  expect(after.stdout.trimEnd().split('\n').sort()).toEqual(['conflict\tsecret.txt', 'uploaded\tknown.txt']);
  expect(await readFile(user.path('here/secret.txt'), 'utf8')).toBe('of another');
});
