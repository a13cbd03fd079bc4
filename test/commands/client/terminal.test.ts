import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { builtServer } from '../../../scripts/support/build.ts';
import { createCliUser } from '../../support/client-cli.ts';
import { processEnv } from '../../support/process.ts';
import { isInstalled } from '../../support/programs.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { startSlowProxy } from '../../support/slow-proxy.ts';

const pty = `
import os, pty, sys
output = open(sys.argv[1], 'wb')
def read(fd):
    data = os.read(fd, 65536)
    output.write(data); output.flush()
    return data
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[2:], read)))
`;

/** Runs a command in a pseudo-terminal, types `input` at its prompt, and returns what it showed. */
async function runInTerminal(folder: string, server: Pick<TestServer, 'url' | 'key'>, args: string[], input = '') {
  const shown = `${folder}/.shown`;
  const child = spawn('python3', ['-c', pty, shown, process.execPath, builtServer, ...args], {
    cwd: folder,
    env: { ...processEnv, HOME: folder, TERM: 'xterm', ATTACHE_URL: server.url, ATTACHE_KEY: server.key },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(child, 'close');
  if (input) {
    await expect.poll(() => readFile(shown, 'utf8').catch(() => '')).toContain('API key for ');
    child.stdin.write(input);
  }
  const [code] = await ended;
  return { code, shown: await readFile(shown, 'utf8') };
}

test.runIf(isInstalled('Python'))('a terminal shows bars and tables, and a pipe lines', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  await writeFile(user.path('film.mp4'), Buffer.alloc(3 * 2 ** 20));
  const args = ['upload', '--to', 'Task:1', 'film.mp4'];
  // Bars are drawn ten times a second: a faster upload would show none.
  await using proxy = await startSlowProxy(server.url, 4 * 2 ** 20);
  const { code, shown } = await runInTerminal(user.folder, { url: proxy.url, key: server.key }, args);
  expect(code).toBe(0);
  expect(shown).toMatch(/film\.mp4 +[=-]{24} +\d+% .+ of 3 MiB/);
  expect(shown).toContain('uploaded\tFile:1\tfilm.mp4');
  // The cursor is shown again.
  expect(shown.lastIndexOf('\x1b[?25h')).toBeGreaterThan(shown.lastIndexOf('\x1b[?25l'));
  const piped = await user.run(args);
  expect(piped).toEqual({ code: 0, stdout: 'skipped\tFile:1\tfilm.mp4\n', stderr: '0 uploaded, 1 already there.\n' });

  const table = await runInTerminal(user.folder, server, ['ls', 'Task:1']);
  expect(table.shown).toMatch(/^File:1 {7}3 MiB {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}v1 {2}film\.mp4\r\n$/);
});

test.runIf(isInstalled('Python'))('login does not show the key that is typed', async () => {
  await using server = await startTestServer();
  await using user = await createCliUser(server);
  const { code, shown } = await runInTerminal(user.folder, server, ['login'], `${server.key}\r`);
  expect(shown).toContain('Signed in to');
  expect(shown).not.toContain(server.key);
  expect(code).toBe(0);
});
