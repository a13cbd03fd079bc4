import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ask, type Endpoint } from '../../support/client.ts';
import { type CliUser, createCliUser, jsonLines, type RunningCli } from '../../support/client-cli.ts';
import { list, uploadFile } from '../../support/files.ts';
import { newPerson, revokeApiKey } from '../../support/people.ts';
import { startProcess } from '../../support/process.ts';
import { ADMIN_KEY, startTestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const actionsOf = ({ stdout }: RunningCli) => jsonLines(stdout()).map(({ action, name }) => `${action} ${name}`);
const namesOn = async (server: Endpoint) => (await list(server, 'Task:1')).edges.map(({ node }) => node.name).sort();
const namesIn = async (user: CliUser, folder: string) =>
  (await readdir(user.path(folder))).filter((name) => !name.startsWith('.')).sort();

/** Starts to sync a folder, and resolves after the first run. */
async function startSync(user: CliUser, folder: string, ...args: string[]): Promise<RunningCli> {
  await mkdir(user.path(folder), { recursive: true });
  const child = user.start(['sync', folder, 'Task:1', '--watch', '--json', ...args]);
  await expect.poll(() => child.stderr()).toContain('changed, ');
  return child;
}

test('changes of either side are synced as they happen, until SIGINT', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  await mkdir(user.path('here'));
  await writeFile(user.path('here/a.txt'), 'a');
  const child = await startSync(user, 'here', '--delete');
  const other = await startSync(user, 'there', '--delete');
  expect(actionsOf(child)).toEqual(['upload a.txt']);
  await uploadFile(server, 'Task:1', { name: 'b.txt', content: 'b' });
  for (const folder of ['here', 'there']) await expect.poll(() => namesIn(user, folder)).toEqual(['a.txt', 'b.txt']);

  await writeFile(user.path('here/a.txt'), 'changed here');
  await expect.poll(() => readFile(user.path('there/a.txt'), 'utf8')).toBe('changed here');
  await rm(user.path('there/b.txt'));
  await expect.poll(() => namesIn(user, 'here')).toEqual(['a.txt']);
  expect(await namesOn(server)).toEqual(['a.txt']);
  for (const one of [child, other]) {
    one.kill('SIGINT');
    expect(await one.ended).toMatchObject({ code: 130, stderr: expect.stringMatching(/attache: Interrupted\.\n$/) });
  }
  expect((await readdir(user.path('here'))).sort()).toEqual(['.attache-sync.json', 'a.txt']);
  // Nothing was done twice.
  expect(actionsOf(child)).toEqual(['upload a.txt', 'download b.txt', 'upload a.txt', 'deleteLocal b.txt']);
});

test('many files at once are synced, and the folder and the place are then left alone', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  const child = await startSync(user, 'here');
  const names = Array.from({ length: 60 }, (_, index) => `${index}.txt`).sort();
  for (const [index, name] of names.entries())
    if (index % 2 === 0) await writeFile(user.path('here', name), name);
    else await uploadFile(server, 'Task:1', { name, content: name });
  await expect.poll(() => namesOn(server)).toEqual(names);
  await expect.poll(() => namesIn(user, 'here')).toEqual(names);
  await expect.poll(() => actionsOf(child).length).toBe(names.length);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(actionsOf(child)).toHaveLength(names.length);
});

test('it continues after the server was killed, with what changed on both sides meanwhile', async () => {
  await using data = await temporaryFolder('sync-watch');
  const env = { DATA_DIR: data.path, ATTACHE_ADMIN_KEY: ADMIN_KEY };
  const before = await startProcess(env);
  await using _before = before;
  await using user = await createCliUser(before);
  const child = await startSync(user, 'here');
  await before.end('SIGKILL');
  await expect.poll(() => child.stderr()).toContain('Trying again in 1 s.');
  await writeFile(user.path('here/of here.txt'), 'x');
  await using server = await startProcess({ ...env, PORT: new URL(before.url).port });
  await uploadFile(server, 'Task:1', { name: 'of there.txt', content: 'y' });
  await expect.poll(() => namesOn(server)).toEqual(['of here.txt', 'of there.txt']);
  await expect.poll(() => namesIn(user, 'here')).toEqual(['of here.txt', 'of there.txt']);
  child.kill('SIGTERM');
  expect(await child.ended).toMatchObject({ code: 143 });
});

test('a key that is revoked ends the command with 3', async () => {
  await using server = await startTestServer();
  const ada = await newPerson(server, 'Ada', { role: 'EDITOR' });
  await using user = await createCliUser({ url: server.url, key: ada.key });
  const child = await startSync(user, 'here');
  await ask(server, revokeApiKey, { apiKeyId: ada.keyId });
  expect(await child.ended).toMatchObject({ code: 3, stderr: expect.stringContaining('does not accept the API key') });
});

test('a folder that is replaced is left alone', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'a' });
  const child = await startSync(user, 'here', '--delete');
  // As when a disk is unmounted: the folder is there, and empty.
  await rename(user.path('here'), user.path('former'));
  await mkdir(user.path('here'));
  await uploadFile(server, 'Task:1', { name: 'b.txt', content: 'b' });
  expect(await child.ended).toMatchObject({ code: 1, stderr: expect.stringContaining('here is not the folder') });
  expect(await readdir(user.path('here'))).toEqual([]);
  expect(await namesOn(server)).toEqual(['a.txt', 'b.txt']);
});
