import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createCliUser } from '../support/client-cli.ts';

test('arguments that make no sense exit with 2 for every command, and help with 0', async () => {
  await using user = await createCliUser();
  const wrong = [
    ['frobnicate'],
    ['--frobnicate'],
    ['serve', '--frobnicate'],
    ['user', 'frobnicate'],
    ['user', 'add'],
    ['key', 'add', 'User:1', '--scope', 'ALL'],
    ['ls', '--frobnicate'],
    ['upload', 'a'],
  ];
  const ran = await Promise.all(wrong.map((args) => user.run(args)));
  for (const [index, { code, stdout, stderr }] of ran.entries())
    expect([wrong[index], code, stdout, stderr]).toEqual([wrong[index], 2, '', expect.stringMatching(/^error: /)]);
  for (const args of [[], ['--help'], ['user', '--help'], ['--version']])
    expect(await user.run(args)).toMatchObject({ code: 0, stderr: '' });
});

test('a path that does not exist is reported in words', async () => {
  await using user = await createCliUser({ url: 'http://127.0.0.1:9', key: 'k' });
  await writeFile(user.path('file'), '');
  const { code, stderr } = await user.run(['sync', 'file/below', 'Task:1']);
  expect([code, stderr]).toEqual([1, 'attache: file/below: there is no such file or folder\n']);
});
