import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uploadFile } from '../support/files.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { expectAccessible, launchBrowser, signIn, visit } from './visit.ts';

describe.skipIf(!isInstalled('Chromium'))('places and their files on the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('a project, its task, and the files of the task', async () => {
    await using server = await startTestServer();
    const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#c33' } })
      .png()
      .toBuffer();
    await uploadFile(server, 'Task:1', { name: 'red.png', content: new Blob([new Uint8Array(picture)]) });
    await uploadFile(server, 'Task:1', 'plan.txt', { status: 'PENDING' });
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, server.key);
    await page.evaluate(() => {
      location.hash = '#/Task:1';
    });
    await page.getByRole('link', { name: 'plan.txt' }).waitFor();
    await expectAccessible(page);
    await page.screenshot({ path: '/tmp/places/place.png' });
    expect(session.foreign).toEqual([]);
    expect(session.complaints).toEqual([]);
  });
});
