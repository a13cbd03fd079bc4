import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePorts } from '../../scripts/support/ports.ts';
import { startProxy } from '../../scripts/support/proxy.ts';
import { ask, type Endpoint } from '../support/client.ts';
import { demote, list, names, remove } from '../support/files.ts';
import { startPathProxy } from '../support/path-proxy.ts';
import { newKey, newPerson, revokeApiKey } from '../support/people.ts';
import { startProcess } from '../support/process.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  choosePaths,
  dropPaths,
  type FileOnDisk,
  filesOnDisk,
  MIB,
  slowDown,
  untilPercent,
  watchTask,
} from './upload-page.ts';
import { chooseFiles, expectAccessible, launchBrowser, openPlace, rowOf, signIn, uploads, visit } from './visit.ts';

const KEY = 'the-key-of-this-test';

describe.skipIf(!isInstalled('Chromium'))('uploads on the page, disturbed', { timeout: 240_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  /** Every file is stored once with its content, and is once in the list of a page. */
  async function expectStored(server: Endpoint, page: Page, files: readonly FileOnDisk[]) {
    const { edges } = await list(server, 'Task:1');
    const stored = edges.map(({ node }) => ({ name: node.name, sha256: node.sha256 }));
    expect(stored.toSorted(byName)).toEqual(files.map(({ name, sha256 }) => ({ name, sha256 })).toSorted(byName));
    for (const { name } of files) {
      await rowOf(page, name).waitFor();
      expect(await rowOf(page, name).count()).toBe(1);
    }
  }

  test('two files of 50 MiB arrive once when the server is killed meanwhile, and another browser receives the event of each once', async () => {
    await using folder = await temporaryFolder('page');
    await using chosen = await filesOnDisk({ 'first.bin': 50 * MIB, 'second.bin': 50 * MIB });
    const [port = 0] = await freePorts(1);
    const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY, PORT: String(port) };
    let server = await startProcess(env);
    const grace = await newPerson(server, 'Grace', { role: 'VIEWER' });
    await using uploader = await watchTask(browser, server.url, KEY);
    await using watcher = await watchTask(browser, server.url, grace.key);
    await slowDown(uploader.page);
    await choosePaths(uploader.page, chosen.files);
    // Of each, the server has synced 16 MiB by now.
    await untilPercent(uploader.page, 60);
    await server.end('SIGKILL');
    await uploads(uploader.page).getByText('Waiting for the server').waitFor();
    await watcher.page.getByText('Reconnecting').waitFor();
    await pause(2000);
    const offsets = offsetsOf(uploader.page);
    server = await startProcess(env);
    await uploads(uploader.page).getByText('2 files uploaded').waitFor();
    await expectStored(server, uploader.page, chosen.files);
    await expectStored(server, watcher.page, chosen.files);
    expect(Math.min(...offsets)).toBeGreaterThan(MIB);
    expect(watcher.events.map(({ name }) => name).toSorted()).toEqual(['first.bin', 'second.bin']);
    await server[Symbol.asyncDispose]();
  });

  test('the same when the network is cut again and again', async () => {
    await using server = await startTestServer();
    await using proxy = await startProxy(Number(new URL(server.url).port));
    await using chosen = await filesOnDisk({ 'first.bin': 50 * MIB, 'second.bin': 50 * MIB });
    const grace = await newPerson(server, 'Grace', { role: 'VIEWER' });
    const url = `http://127.0.0.1:${proxy.port}`;
    await using uploader = await watchTask(browser, url, server.key);
    await using watcher = await watchTask(browser, url, grace.key);
    await slowDown(uploader.page);
    await choosePaths(uploader.page, chosen.files);
    for (const percent of [20, 50]) {
      await untilPercent(uploader.page, percent);
      const cutting = setInterval(() => proxy.cut(1), 20);
      await watcher.page.getByText('Reconnecting').waitFor();
      await uploads(uploader.page).getByText('Waiting for the server').waitFor();
      await pause(3000);
      clearInterval(cutting);
      await watcher.page.getByText('nothing was missed').waitFor();
    }
    await uploads(uploader.page).getByText('2 files uploaded').waitFor();
    await expectStored(server, uploader.page, chosen.files);
    await expectStored(server, watcher.page, chosen.files);
    expect(watcher.events.map(({ name }) => name).toSorted()).toEqual(['first.bin', 'second.bin']);
  });

  test('small files of a request whose response is lost are stored once', async () => {
    await using proxy = await startPathProxy('');
    await using server = await startTestServer();
    proxy.target = server.url;
    let lost = 0;
    proxy.loses = ({ headers }) => {
      const isUpload = headers['content-type']?.startsWith('multipart/') ?? false;
      if (isUpload) lost += 1;
      return isUpload && lost <= 4;
    };
    await using session = await visit(browser, proxy.url);
    const { page } = session;
    await signIn(page, server.key);
    await openPlace(page, 'Task:1');
    const files = Array.from({ length: 100 }, (_, index) => ({ name: `${index}.txt`, content: `the file ${index}` }));
    await chooseFiles(page, files);
    await uploads(page).getByText('100 files uploaded').waitFor();
    expect(lost).toBe(5 + 4);
    expect((await list(server, 'Task:1')).totalCount).toBe(100);
  });

  test('a server that fails each request for bytes is not sent them without end, and a retry works', async () => {
    await using proxy = await startPathProxy('');
    await using server = await startTestServer();
    proxy.target = server.url;
    let patches = 0;
    proxy.refuses = ({ method }) => {
      if (method !== 'PATCH') return undefined;
      patches += 1;
      return 500;
    };
    await using session = await visit(browser, proxy.url);
    const { page } = session;
    await signIn(page, server.key);
    await openPlace(page, 'Task:1');
    await chooseFiles(page, [{ name: 'large.bin', content: Buffer.alloc(2 * MIB, 1) }]);
    await uploads(page).getByText('1 failed').waitFor();
    expect(patches).toBe(6);
    proxy.refuses = () => undefined;
    await uploads(page).getByRole('button', { name: 'Try large.bin again' }).click();
    await uploads(page).getByText('1 file uploaded').waitFor();
    expect(await names(server, 'Task:1')).toEqual(['large.bin']);
  });

  test('10,000 files are cancelled at once, and no further request is sent', async () => {
    await using server = await startTestServer();
    await using uploader = await watchTask(browser, server.url, server.key);
    const { page } = uploader;
    await slowDown(page, 100_000);
    await page.evaluate(() => {
      const { items, files } = new DataTransfer();
      for (let index = 0; index < 10_000; index++) items.add(new File(['x'.repeat(5000)], `${index}.txt`));
      const input = document.querySelector<HTMLInputElement>('input[type=file]');
      if (input) input.files = files;
      input?.dispatchEvent(new Event('change', { bubbles: true }));
    });
    const cancel = uploads(page).getByRole('button', { name: 'Cancel all' });
    await cancel.waitFor();
    let requests = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.headers()['content-type']?.startsWith('multipart/')) requests += 1;
    });
    const blockedMs = await cancel.evaluate((button) => {
      const since = performance.now();
      (button as HTMLButtonElement).click();
      return performance.now() - since;
    });
    await uploads(page).waitFor({ state: 'detached' });
    expect(blockedMs).toBeLessThan(500);
    await pause(1000);
    expect(requests).toBe(0);
  });

  test('small files that were stored without an answer are stored once when the user tries again', async () => {
    await using proxy = await startPathProxy('');
    await using server = await startTestServer();
    proxy.target = server.url;
    proxy.replaces = ({ headers }) => (headers['content-type']?.startsWith('multipart/') ? 500 : undefined);
    await using session = await visit(browser, proxy.url);
    const { page } = session;
    await signIn(page, server.key);
    await openPlace(page, 'Task:1');
    await chooseFiles(
      page,
      ['a.txt', 'b.txt', 'c.txt'].map((name) => ({ name, content: name })),
    );
    await uploads(page).getByText('3 failed').waitFor();
    proxy.replaces = () => undefined;
    await uploads(page).getByRole('button', { name: 'Try b.txt again' }).click();
    await uploads(page).getByText('3 files uploaded').waitFor();
    expect((await list(server, 'Task:1')).totalCount).toBe(3);
  });

  test('when one of such files cannot be read any more, the others are not stored twice', async () => {
    await using proxy = await startPathProxy('');
    await using server = await startTestServer();
    await using chosen = await filesOnDisk({ 'a.bin': 1000, 'b.bin': 1000, 'c.bin': 1000 });
    proxy.target = server.url;
    const requests: unknown[] = [];
    proxy.loses = ({ headers }) => {
      const isUpload = headers['content-type']?.startsWith('multipart/') ?? false;
      if (isUpload) requests.push(headers);
      return isUpload;
    };
    await using session = await visit(browser, proxy.url);
    const { page } = session;
    await signIn(page, server.key);
    await openPlace(page, 'Task:1');
    await choosePaths(page, chosen.files);
    await expect.poll(() => requests.length).toBeGreaterThan(0);
    await rm(join(chosen.path, 'b.bin'));
    await uploads(page).getByText('1 failed').waitFor();
    proxy.loses = () => false;
    await uploads(page).getByText('3 failed').waitFor();
    expect(await uploads(page).getByText('the answer was lost').count()).toBe(2);
    expect((await list(server, 'Task:1')).totalCount).toBe(3);
  });

  test('an upload is paused, resumed and cancelled', async () => {
    await using server = await startTestServer();
    await using chosen = await filesOnDisk({ 'kept.bin': 20 * MIB, 'dropped.bin': 20 * MIB });
    await using uploader = await watchTask(browser, server.url, server.key);
    const { page } = uploader;
    await slowDown(page);
    await choosePaths(page, chosen.files);
    await untilPercent(page, 20);
    const panel = uploads(page);
    await panel.getByRole('button', { name: 'Pause kept.bin' }).click();
    await panel.getByText(/Paused at/).waitFor();
    await panel.getByRole('button', { name: 'Cancel dropped.bin' }).click();
    await panel.getByText('dropped.bin').waitFor({ state: 'detached' });
    await panel.getByText('Paused: 0 of 1 done').waitFor();
    await pause(1000);
    expect(await names(server, 'Task:1')).toEqual([]);
    const offsets = offsetsOf(page);
    await panel.getByRole('button', { name: 'Resume kept.bin' }).click();
    await panel.getByText('1 file uploaded').waitFor();
    expect(offsets[0]).toBeGreaterThan(0);
    await expectStored(server, page, chosen.files.slice(0, 1));
    await expect.poll(() => readdir(join(server.dataDir, 'files', 'unfinished'))).toEqual([]);
  });

  test('after a reload, the same file that is chosen again continues where it stopped', async () => {
    await using server = await startTestServer();
    await using chosen = await filesOnDisk({ 'long.bin': 40 * MIB });
    await using uploader = await watchTask(browser, server.url, server.key);
    const { page } = uploader;
    let warnings = 0;
    page.on('dialog', (dialog) => {
      warnings += dialog.type() === 'beforeunload' ? 1 : 0;
      void dialog.accept();
    });
    await slowDown(page);
    await choosePaths(page, chosen.files);
    await untilPercent(page, 40);
    await page.mouse.click(600, 20); // browsers confirm only for users who have used the page
    await page.reload();
    expect(warnings).toBe(1);
    await page.getByText('Unfinished uploads').waitFor();
    await expectAccessible(page);
    await page.screenshot({ path: 'test-output/uploads-interrupted.png' });
    const offsets = offsetsOf(page);
    await choosePaths(page, chosen.files);
    await uploads(page).getByText('1 file uploaded').waitFor();
    expect(offsets[0]).toBeGreaterThan(MIB);
    await expectStored(server, page, chosen.files);
    await page.getByText('Unfinished uploads').waitFor({ state: 'detached' });
  });

  test('files are pasted, and folders are dropped and chosen', async () => {
    await using server = await startTestServer();
    await using folder = await temporaryFolder('folder');
    await mkdir(join(folder.path, 'photos/2026/deep'), { recursive: true });
    for (const path of ['photos/a.txt', 'photos/2026/b.txt', 'photos/2026/deep/c.txt', 'photos/.DS_Store', 'plain.txt'])
      await writeFile(join(folder.path, path), path);
    await using uploader = await watchTask(browser, server.url, server.key);
    const { page } = uploader;
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File(['a picture'], 'image.png', { type: 'image/png' }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    await page.getByRole('row').filter({ hasText: 'Screenshot 20' }).waitFor();
    await dropPaths(page, [join(folder.path, 'photos'), join(folder.path, 'plain.txt')]);
    for (const name of ['a.txt', 'b.txt', 'c.txt', 'plain.txt']) await rowOf(page, name).waitFor();
    const input = page.getByLabel('Upload a folder', { exact: true }).and(page.locator('input'));
    await input.setInputFiles(join(folder.path, 'photos/2026'));
    await expect.poll(() => rowOf(page, 'c.txt').count()).toBe(2);
    expect((await names(server, 'Task:1')).filter((name) => !name.startsWith('Screenshot')).toSorted()).toEqual(
      ['a.txt', 'b.txt', 'b.txt', 'c.txt', 'c.txt', 'plain.txt'], // and no .DS_Store
    );
  });

  test('1,000 small files are uploaded, with a few rows on the page at a time', async () => {
    await using server = await startTestServer();
    const sizes = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`small-${index}.bin`, 10_000]));
    await using chosen = await filesOnDisk(sizes);
    await using uploader = await watchTask(browser, server.url, server.key);
    const { page } = uploader;
    const since = performance.now();
    await choosePaths(page, chosen.files);
    await uploads(page).getByText('Uploading:').waitFor();
    expect(await uploads(page).getByRole('listitem').count()).toBeLessThan(20);
    await uploads(page).getByText('1000 files uploaded').waitFor();
    console.log(`1,000 files of 10 kB in ${Math.round(performance.now() - since)} ms`);
    expect((await list(server, 'Task:1', 'first: 1')).totalCount).toBe(1000);
    await uploads(page).getByRole('button', { name: 'Clear finished' }).click();
    await uploads(page).waitFor({ state: 'detached' });
  });

  test('when a key ends in the middle, uploads continue after the same user has signed in again', async () => {
    await using server = await startTestServer();
    await using chosen = await filesOnDisk({ 'long.bin': 40 * MIB, 'next.bin': 20 * MIB, 'small.bin': 1000 });
    const ada = await newPerson(server, 'Ada', { role: 'EDITOR' });
    const next = await newKey(server, ada.id, 'WRITE');
    await using uploader = await watchTask(browser, server.url, ada.key);
    const { page } = uploader;
    await slowDown(page);
    await choosePaths(page, chosen.files);
    await untilPercent(page, 40);
    await ask(server, revokeApiKey, { apiKeyId: ada.keyId });
    await page.getByText('Your session has ended.').waitFor();
    await page.screenshot({ path: 'test-output/uploads-revoked.png' });
    const offsets = offsetsOf(page);
    await signIn(page, next.key);
    await uploads(page).getByText('3 files uploaded').waitFor();
    expect(offsets[0]).toBeGreaterThan(MIB);
    await expectStored(server, page, chosen.files);
  });

  test('a full quota and lost rights are explained, and a retry works when there is space again', async () => {
    await using server = await startTestServer({ MAX_PROJECT_BYTES: String(10 * MIB) });
    await using chosen = await filesOnDisk({ 'fits.bin': 9 * MIB, 'large.bin': 2 * MIB, 'small.bin': 900_000 });
    const ada = await newPerson(server, 'Ada', { role: 'EDITOR' });
    await using uploader = await watchTask(browser, server.url, ada.key);
    const { page } = uploader;
    await choosePaths(page, chosen.files.slice(0, 1));
    await uploads(page).getByText('1 file uploaded').waitFor();
    await choosePaths(page, chosen.files.slice(1));
    await uploads(page).getByText('1 failed').waitFor();
    await uploads(page)
      .getByText(/There is no space left\..* Remove files or contact an administrator/)
      .waitFor();
    await remove(server, (await list(server, 'Task:1')).edges[0]?.node.id ?? '');
    await uploads(page).getByRole('button', { name: 'Try large.bin again' }).click();
    await uploads(page).getByText('3 files uploaded').waitFor();
    await demote(server, ada);
    await chooseFiles(page, [
      { name: 'late.txt', content: 'late' },
      { name: 'late.bin', content: Buffer.alloc(2 * MIB) },
    ]);
    await uploads(page).getByText('2 failed').waitFor();
    expect(await uploads(page).getByText('You may not upload here.').count()).toBe(2);
  });

  test('behind a proxy with a path, a limit of 1 MB and pages of its own, uploads arrive and are listed', async () => {
    await using proxy = await startPathProxy('/attache');
    await using server = await startTestServer({ PUBLIC_URL: proxy.url });
    await using chosen = await filesOnDisk({ 'large.bin': 5 * MIB, 'small.bin': 900_000, 'other.bin': 300_000 });
    proxy.target = server.url;
    // The second offset is asked for while the server restarts, for the proxy.
    let heads = 0;
    proxy.refuses = ({ method, headers }) => {
      if (method === 'HEAD') heads += 1;
      if (method === 'HEAD' && heads === 2) return 502;
      return Number(headers['content-length'] ?? 0) > 1_000_000 ? 413 : undefined;
    };
    await using session = await visit(browser, `${proxy.url}/`);
    const { page } = session;
    await signIn(page, server.key);
    await openPlace(page, 'Task:1');
    const created: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/uploads')) created.push(request.url());
    });
    await choosePaths(page, chosen.files);
    await uploads(page).getByText('3 files uploaded').waitFor();
    await expectStored(server, page, chosen.files);
    expect(heads).toBeGreaterThanOrEqual(2);
    expect(created).toHaveLength(1);
  });
});

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);

/** The offsets at which the page sends bytes from now on. */
function offsetsOf(page: Page): number[] {
  const offsets: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']));
  });
  return offsets;
}
