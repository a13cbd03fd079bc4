import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { buildWeb } from '../../scripts/support/build-web.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { launchBrowser, signIn, visit } from './visit.ts';

/** Bytes of script, gzipped, that a browser loads to sign in and see the projects. */
const MAX_BYTES = 200_000;

test.runIf(isInstalled('Chromium'))('the first view loads at most 200 kB of script', { timeout: 120_000 }, async () => {
  await using browser = await launchBrowser();
  await using server = await startTestServer();
  await using session = await visit(browser, 'about:blank');
  const { page } = session;
  const scripts = new Set<string>();
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.add(new URL(request.url()).pathname);
  });
  await page.goto(server.url);
  await signIn(page, server.key);
  await page.getByRole('link', { name: 'Website relaunch' }).waitFor();
  await page.waitForLoadState('networkidle');
  const folder = await buildWeb();
  let bytes = 0;
  for (const path of scripts) bytes += gzipSync(await readFile(join(folder, path)), { level: 9 }).length;
  expect([...scripts].filter((path) => path.startsWith('/assets/')).length).toBe(scripts.size);
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
});
