import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildServer } from '../../scripts/support/build.ts';
import { builtWeb } from '../../scripts/support/build-web.ts';
import { startProcess } from '../support/process.ts';
import { isInstalled } from '../support/programs.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { expectAccessible, launchBrowser, openPlace, signIn, visit } from './visit.ts';

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.html': 'text/html',
};

/** Serves the files of the page as a cache before the server does, also while that is away. */
async function serveFiles(context: BrowserContext, url: string): Promise<void> {
  await context.route(
    ({ origin, pathname }) =>
      origin === new URL(url).origin && (pathname === '/' || /^\/(assets|favicon)/.test(pathname)),
    async (route) => {
      const { pathname } = new URL(route.request().url());
      const path = pathname === '/' ? '/index.html' : pathname;
      await route.fulfill({
        body: await readFile(join(builtWeb, path)),
        headers: { 'content-type': types[extname(path)] ?? 'application/octet-stream' },
      });
    },
  );
}

/** A server process that is killed and started again at the same address. */
async function restartable() {
  const dataDir = await mkdtemp(join(tmpdir(), 'attache-test-'));
  let running = await startProcess({ DATA_DIR: dataDir, ATTACHE_ADMIN_KEY: ADMIN_KEY });
  const { url } = running;
  return {
    url,
    kill: () => running.end('SIGKILL'),
    async start() {
      running = await startProcess({ DATA_DIR: dataDir, ATTACHE_ADMIN_KEY: ADMIN_KEY, PORT: new URL(url).port });
    },
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

describe.skipIf(!isInstalled('Chromium'))('while the server is away', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
    await buildServer();
  });
  afterAll(() => browser?.close());

  test('a page that is opened says so, keeps the credentials, and shows the view when it is back', async () => {
    await using server = await restartable();
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, ADMIN_KEY);
    await openPlace(page, 'Task:1');
    await server.kill();
    await serveFiles(page.context(), server.url);
    await page.reload();
    const notice = page.getByRole('alert').filter({ hasText: 'This page tries again by itself.' });
    await notice.waitFor();
    expect(await page.getByRole('textbox', { name: 'API key' }).count()).toBe(0);
    await expectAccessible(page);

    // Each attempt is later than the one before it.
    const attempts: number[] = [];
    page.on('requestfailed', (request) => {
      if (request.url().endsWith('/graphql')) attempts.push(performance.now());
    });
    await expect.poll(() => attempts.length, { timeout: 20_000 }).toBe(3);
    const [first = 0, second = 0, third = 0] = attempts;
    expect(third - second).toBeGreaterThan(1.5 * (second - first));

    await page.getByRole('button', { name: 'Try again now' }).click();
    await expect.poll(() => attempts.length).toBe(4);
    await server.start();
    await page.getByRole('button', { name: 'Try again now' }).click();
    await page.getByRole('heading', { name: 'Design the start page' }).waitFor();
    expect(await notice.count()).toBe(0);
  }, 120_000);

  test('a view that is opened meanwhile appears by itself, also one whose program is not loaded yet', async () => {
    await using server = await restartable();
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, ADMIN_KEY);
    await page.getByRole('link', { name: 'Website relaunch' }).waitFor();
    await server.kill();
    const notice = page.getByRole('alert').filter({ hasText: 'This page tries again by itself.' });
    for (const [link, shown] of [
      ['Contacts', page.getByRole('link', { name: 'Ada Lovelace' })],
      ['Account', page.getByRole('heading', { name: 'API keys' })],
    ] as const) {
      await page.getByRole('link', { name: link }).click();
      await notice.waitFor();
      await page.getByText(/Next attempt in \d+ s\./).waitFor();
      await expectAccessible(page);
      await server.start();
      await shown.waitFor();
      expect(await notice.count()).toBe(0);
      await server.kill();
    }
  }, 120_000);
});
