import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { createCli } from '../../src/cli.ts';
import { createUploadToken, uploadOne } from '../sharing/guests.ts';
import { createShareLink, sharedNames } from '../sharing/share-guests.ts';
import { ask } from '../support/client.ts';
import { databaseEnv, kind, removeData, runSql } from '../support/database.ts';
import { cursorOf, readEventPage } from '../support/events.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Runs a command in this process on a data folder and returns the lines that it printed. */
async function run(dataDir: string, ...args: string[]): Promise<string[]> {
  const lines: string[] = [];
  const cli = createCli({ DATA_DIR: dataDir, ...(await databaseEnv(dataDir)) }, (line) =>
    lines.push(...line.split('\n')),
  );
  for (const command of [cli, ...cli.commands, ...cli.commands.flatMap((one) => one.commands)]) {
    command.exitOverride().configureOutput({ writeErr: () => {} });
  }
  await cli.parseAsync(args, { from: 'user' });
  return lines;
}

async function status(url: string, key = '') {
  return (await fetch(`${url}?query={viewer{id}}`, { headers: { authorization: `Bearer ${key}` } })).status;
}

test('users and keys are added, listed and revoked while a server runs', async () => {
  await using server = await startTestServer();
  const attache = (...args: string[]) => run(server.dataDir, ...args);
  const [id, key] = await attache('user', 'add', 'Bob', '--email', 'BOB@example.com', '--title', 'Gardener');
  expect(id).toBe('User:2');
  expect(await attache('user', 'list')).toEqual([
    'User:1\tAdministrator\tadministrator\t-',
    'User:2\tBob\tuser\tbob@example.com',
  ]);
  const [second] = await attache('key', 'add', 'User:2', '--scope', 'READ', '--name', 'x', '--expires', '2127-01-31');
  expect(await attache('key', 'list', '2')).toEqual([
    'ApiKey:2\tWRITE\tfirst key\tworks',
    'ApiKey:3\tREAD\tx\tworks until 2127-01-31T00:00:00.000Z',
  ]);
  expect([await status(server.graphqlUrl, key), await status(server.graphqlUrl, second)]).toEqual([200, 200]);
  expect(await attache('key', 'revoke', 'ApiKey:2')).toEqual(['ApiKey:2 is revoked.']);
  expect([await status(server.graphqlUrl, key), await status(server.graphqlUrl, second)]).toEqual([401, 200]);
  expect((await attache('key', 'list', 'User:2'))[0]).toMatch(/^ApiKey:2\tWRITE\tfirst key\trevoked 2/);
});

test('names of users cannot forge lines of a list, or control the terminal', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const forged = 'Bob\tuser\t-\nUser:1\tRoot\u001b[8m';
  const rename =
    'mutation ($name: String!) { updateUser(input: { userId: "User:2", displayName: $name }) { user { id } } }';
  await ask({ ...server, key: bob.key }, rename, { name: forged });
  await createShareLink(server, { name: 't\u001b[2Jx' });
  const attache = (...args: string[]) => run(server.dataDir, ...args);
  expect((await attache('user', 'list'))[1]).toMatch(
    /^User:2\tBob\\x09user\\x09-\\x0aUser:1\\x09Root\\x1b\[8m\tuser\t/,
  );
  expect((await attache('user', 'list'))[2]).toBeUndefined();
  expect((await attache('share', 'list', 'User:1'))[0]).toContain('t\\x1b[2Jx');
});

test('upload tokens and share links are listed and revoked while a server runs', async () => {
  await using server = await startTestServer();
  const attache = (...args: string[]) => run(server.dataDir, ...args);
  const { token } = await createUploadToken(server, { maxFiles: 3, maxBytes: 100 });
  const link = await createShareLink(server, { name: 'Plans' });
  expect(await uploadOne(server, token, 'a.txt')).toBe('stored');
  expect(await attache('token', 'list', 'User:1')).toEqual([
    expect.stringMatching(/^UploadToken:1\tTask:1\t1 of 3 files\t5 of 100 bytes\tworks until 2/),
  ]);
  expect(await attache('share', 'list', 'User:1')).toEqual([
    expect.stringMatching(/^ShareLink:1\tTask:1\tPlans\tworks until 2/),
  ]);
  expect(await attache('token', 'revoke', 'UploadToken:1')).toEqual(['UploadToken:1 is revoked.']);
  expect(await attache('share', 'revoke', '1')).toEqual(['ShareLink:1 is revoked.']);
  expect([await uploadOne(server, token), await sharedNames(server, link.token)]).toEqual([
    'UNAUTHENTICATED',
    'UNAUTHENTICATED',
  ]);
  expect((await attache('token', 'list', '1'))[0]).toMatch(/\trevoked 2/);
  await expect(attache('token', 'revoke', 'UploadToken:9')).rejects.toThrow('Not found');
});

test('all upload tokens and share links of one user are revoked at once', async () => {
  await using server = await startTestServer();
  const attache = (...args: string[]) => run(server.dataDir, ...args);
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const own = await createShareLink(server);
  const links = [await createShareLink(server, {}, bob.key), await createShareLink(server, {}, bob.key)];
  const { token } = await createUploadToken(server, {}, bob.key);
  expect(await attache('share', 'revoke', bob.id)).toEqual([`2 share links of ${bob.id} are revoked.`]);
  expect(await attache('token', 'revoke', bob.id)).toEqual([`1 upload tokens of ${bob.id} are revoked.`]);
  for (const link of links) expect(await sharedNames(server, link.token)).toBe('UNAUTHENTICATED');
  expect(await uploadOne(server, token)).toBe('UNAUTHENTICATED');
  expect(await sharedNames(server, own.token)).toEqual([]);
  expect(await attache('share', 'revoke', bob.id)).toEqual([`0 share links of ${bob.id} are revoked.`]);
});

test('a new administrator gets a first key of the scope ADMIN', async () => {
  await using server = await startTestServer();
  await run(server.dataDir, 'user', 'add', 'Root', '--admin');
  expect(await run(server.dataDir, 'key', 'list', 'User:2')).toEqual(['ApiKey:2\tADMIN\tfirst key\tworks']);
});

test.each([
  ['a user who does not exist', ['key', 'add', 'User:9'], 'Not found: User:9'],
  ['a key that does not exist', ['key', 'revoke', '9'], 'Not found: ApiKey:9'],
  ['the id of something else', ['key', 'list', 'Task:1'], '"Task:1" is not an id. Write it as in User:1.'],
  ['a scope that is none', ['key', 'add', 'User:1', '--scope', 'ALL'], 'Allowed choices are READ, WRITE, ADMIN'],
  ['a date that is none', ['key', 'add', 'User:1', '--expires', 'soon'], 'Write a date as in 2027-01-31'],
  ['a date that has passed', ['key', 'add', 'User:1', '--expires', '2020-01-31'], 'must be in the future'],
  ['an address that is none', ['user', 'add', 'Eve', '--email', 'eve'], 'Write an address as in ada@example.com'],
  ['a user without a name', ['user', 'add', ' '], 'A name has to have 1 to 500 characters.'],
  ['a name that is too long', ['user', 'add', 'x'.repeat(501)], 'A name has to have 1 to 500 characters.'],
  ['a key without a name', ['key', 'add', 'User:1', '--name', ''], 'A name has to have 1 to 500 characters.'],
  ['the last key of an administrator', ['key', 'revoke', '1'], 'This would leave no administrator'],
])('%s is rejected', async (_what, args, message) => {
  await using server = await startTestServer();
  await expect(run(server.dataDir, ...args)).rejects.toThrow(message);
});

test('only administrators get a key with the scope ADMIN', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'attache-test-'));
  try {
    await run(dataDir, 'migrate');
    await run(dataDir, 'user', 'add', 'Bob');
    const refusal = run(dataDir, 'key', 'add', 'User:1', '--scope', 'ADMIN');
    await expect(refusal).rejects.toThrow('User:1 is no administrator');
  } finally {
    await removeData(dataDir);
  }
});

test('deprecated names of commands and options work and are not in the help', async () => {
  await using server = await startTestServer();
  const keys = async () =>
    Number((await runSql<{ n: number }>(server.dataDir, 'select count(*) as n from sealed_keys'))[0]?.n);
  await run(server.dataDir, 'key', 'add', 'User:1', '--can-sign');
  expect(await keys()).toBe(1);
  await run(server.dataDir, 'key', 'add', 'User:1', '--worksection');
  expect(await keys()).toBe(2);
  await run(server.dataDir, 'key', 'add', 'User:1');
  expect(await keys()).toBe(2);
  const renewed = await run(server.dataDir, 'events', 'renew');
  expect(renewed).toEqual(await run(server.dataDir, 'events', 'reset-cursors'));

  const cli = createCli({}, () => {});
  const named = cli.commands.flatMap((one) => [one, ...one.commands]).filter((one) => one.name() !== 'renew');
  const help = named.map((one) => one.helpInformation());
  expect(help.join('\n')).toMatch(/reset-cursors.*--force.*--can-sign/s);
  expect(help.join('\n')).not.toMatch(/renew|--even-most|--worksection/);
});

test('events reset-cursors invalidates all cursors', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'attache-renew-'));
  await using _data = { [Symbol.asyncDispose]: () => removeData(dataDir) };
  const cursorIn = async () => {
    await using server = await startTestServer({ DATA_DIR: dataDir });
    return await cursorOf(server, 'Task:1');
  };
  const before = await cursorIn();
  expect(await run(dataDir, 'events', 'reset-cursors')).toEqual([
    expect.stringMatching(/^All cursors of events in \S+ are invalid\./),
  ]);
  await using server = await startTestServer({ DATA_DIR: dataDir });
  expect(await cursorOf(server, 'Task:1')).not.toBe(before);
  await expect(readEventPage(server, 'Task:1', { after: before })).rejects.toThrow('CURSOR_EXPIRED');
});

test.runIf(kind === 'sqlite')('a command other than serve and migrate does not create a database', async () => {
  await using folder = await temporaryFolder('empty');
  const dataDir = join(folder.path, 'mistyped');
  for (const args of [['user', 'list'], ['user', 'add', 'Bob'], ['key', 'list', '1'], ['verify'], ['sweep']])
    await expect(run(dataDir, ...args)).rejects.toThrow(`There is no database ${join(dataDir, 'attache.db')}`);
  expect(await readdir(folder.path)).toEqual([]);
  expect(await run(dataDir, 'migrate')).toEqual(['The database is up to date.']);
  expect(await run(dataDir, 'user', 'list')).toEqual([]);
});

test('--version prints the version of the package', async () => {
  const printed: string[] = [];
  const cli = createCli({}, () => {})
    .exitOverride()
    .configureOutput({ writeOut: (text) => void printed.push(text) });
  await expect(cli.parseAsync(['--version'], { from: 'user' })).rejects.toMatchObject({ exitCode: 0 });
  expect(printed).toEqual([`${packageJson.version}\n`]);
});
