import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createCliUser } from '../../support/client-cli.ts';
import { sha256 } from '../../support/download.ts';
import { startProcess } from '../../support/process.ts';
import { ADMIN_KEY } from '../../support/server.ts';
import { startSlowProxy } from '../../support/slow-proxy.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SIZE = 32 * 2 ** 20;

test('an upload and a download continue by themselves when the server is killed and starts again', async () => {
  await using data = await temporaryFolder('restarts');
  const env = { DATA_DIR: data.path, ATTACHE_ADMIN_KEY: ADMIN_KEY };
  let server = await startProcess(env);
  const { port } = new URL(server.url);
  try {
    await using proxy = await startSlowProxy(server.url, SIZE / 4);
    await using user = await createCliUser({ ...server, url: proxy.url });
    const content = randomBytes(SIZE);
    await writeFile(user.path('film.mp4'), content);
    const restartDuring = async (direction: 'up' | 'down', ...args: string[]) => {
      const before = proxy.passed[direction];
      const child = user.start(args);
      await expect.poll(() => proxy.passed[direction] - before).toBeGreaterThan(SIZE / 4);
      await server.end('SIGKILL');
      server = await startProcess({ ...env, PORT: port });
      const { code, stderr } = await child.ended;
      expect(stderr).toContain('Trying again in 1 s.');
      expect([code, stderr]).toEqual([0, expect.not.stringContaining('failed')]);
    };
    await restartDuring('up', 'upload', 'film.mp4', '--to', 'Task:1');
    // Not from the start, each time: some bytes of the first try are lost with the server.
    expect(proxy.passed.up).toBeLessThan(SIZE * 1.9);
    await restartDuring('down', 'get', 'File:1', '-o', 'copy.mp4');
    expect(proxy.passed.down).toBeLessThan(SIZE * 1.5);
    expect(sha256(await readFile(user.path('copy.mp4')))).toBe(sha256(content));
  } finally {
    await server[Symbol.asyncDispose]();
  }
});
