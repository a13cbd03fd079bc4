import { createHash, randomBytes } from 'node:crypto';
import { appendFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { partPath } from '../../../src/client/download/download-file.ts';
import { ask } from '../../support/client.ts';
import { createCliUser, jsonLines } from '../../support/client-cli.ts';
import { uploadFile } from '../../support/files.ts';
import { startTestServer } from '../../support/server.ts';
import { startSlowProxy } from '../../support/slow-proxy.ts';

const SIZE = 8 * 2 ** 20;
const RATE = 6 * 2 ** 20;
const content = randomBytes(SIZE);
const sha256 = createHash('sha256').update(content).digest('hex');

test('an upload that is killed in the middle continues at the offset of the server', async () => {
  await using server = await startTestServer();
  await using proxy = await startSlowProxy(server.url, RATE);
  await using user = await createCliUser({ ...server, url: proxy.url });
  await writeFile(user.path('film.mp4'), content);
  const args = ['upload', 'film.mp4', '--to', 'Task:1', '--json'];
  const killed = user.start(args);
  await expect.poll(() => proxy.passed.up).toBeGreaterThan(SIZE / 3);
  killed.kill('SIGKILL');
  proxy.cut(); // What is in the buffers of the system would still arrive.
  await killed.ended;
  expect(await readdir(user.path('.local/state/attache/uploads'))).toHaveLength(1);

  proxy.removeLimit();
  const { code, stdout, stderr } = await user.run(args);
  expect(code).toBe(0);
  const [result] = jsonLines(stdout);
  expect(result).toMatchObject({ status: 'uploaded', size: SIZE, sha256 });
  expect(result?.resumedFrom).toBeGreaterThan(0);
  expect(stderr).toContain('film.mp4: continues after ');
  // One upload, which a HEAD and a PATCH from its offset have continued.
  const requests = proxy.received();
  expect(requests.match(/POST \/uploads /g)).toHaveLength(1);
  expect(requests).toMatch(/HEAD \/uploads\//);
  expect(requests).toContain(`upload-offset: ${result?.resumedFrom}\r\n`);
  expect(proxy.passed.up).toBeLessThan(SIZE * 1.7);
  expect(await readdir(user.path('.local/state/attache/uploads'))).toEqual([]);
  expect(await ask(server, '{ task(id: "Task:1") { files { totalCount } } }')).toEqual({
    task: { files: { totalCount: 1 } },
  });
});

test('a download that is killed in the middle continues, and its hash is verified', async () => {
  await using server = await startTestServer();
  const blob = new Blob([content]);
  const { id } = await uploadFile(server, 'Task:1', { name: 'film.mp4', content: blob });
  await using proxy = await startSlowProxy(server.url, RATE);
  await using user = await createCliUser({ ...server, url: proxy.url });
  const args = ['get', id];
  const killed = user.start(args);
  await expect.poll(() => proxy.passed.down).toBeGreaterThan(SIZE / 3);
  killed.kill('SIGKILL');
  proxy.cut(); // What is in the buffers of the system would still arrive.
  await killed.ended;
  const { size: received } = await stat(partPath(user.path('film.mp4')));
  expect(received).toBeGreaterThan(0);

  proxy.removeLimit();
  const { code, stderr } = await user.run(args);
  expect([code, stderr]).toEqual([0, expect.stringContaining('film.mp4: continues after ')]);
  expect(proxy.received()).toContain(`range: bytes=${received}-\r\nif-range: "${sha256}"\r\n`);
  expect(
    createHash('sha256')
      .update(await readFile(user.path('film.mp4')))
      .digest('hex'),
  ).toBe(sha256);
  expect((await readdir(user.folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('a file that changes while it is sent is reported, and not stored', async () => {
  await using server = await startTestServer();
  await using proxy = await startSlowProxy(server.url, RATE / 4);
  await using user = await createCliUser({ ...server, url: proxy.url });
  await writeFile(user.path('film.mp4'), content);
  const child = user.start(['upload', 'film.mp4', '--to', 'Task:1']);
  await expect.poll(() => proxy.passed.up).toBeGreaterThan(SIZE / 16);
  await appendFile(user.path('film.mp4'), 'more');
  const { code, stderr } = await child.ended;
  expect([code, stderr]).toEqual([1, expect.stringContaining('film.mp4: it changed while it was uploaded')]);
  const query = '{ task(id: "Task:1") { files { totalCount } } }';
  expect(await ask(server, query)).toEqual({ task: { files: { totalCount: 0 } } });
});

test('SIGINT stops an upload cleanly, says how to continue, and exits with 130', async () => {
  await using server = await startTestServer();
  await using proxy = await startSlowProxy(server.url, RATE / 4);
  await using user = await createCliUser({ ...server, url: proxy.url });
  await writeFile(user.path('film.mp4'), content);
  const args = ['upload', 'film.mp4', '--to', 'Task:1'];
  const child = user.start(args);
  await expect.poll(() => proxy.passed.up).toBeGreaterThan(SIZE / 16);
  child.kill('SIGINT');
  const { code, stderr } = await child.ended;
  expect(stderr).toBe(
    '0 uploaded, 0 already there.\nRepeat the command: it continues where it stopped.\nattache: Interrupted.\n',
  );
  expect(code).toBe(130);
  proxy.removeLimit();
  expect(await user.run(args)).toMatchObject({ code: 0, stderr: expect.stringContaining('continues after') });
});
