import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createShareLink } from '../sharing/share-guests.ts';
import { uploadFile } from '../support/files.ts';
import { startPathProxy } from '../support/path-proxy.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { expectAccessible, launchBrowser, visit } from './visit.ts';

const RED = { create: { width: 300, height: 200, channels: 3, background: '#c33' } } as const;

/** Is accessible, and fits, in light and dark colours and on a phone. */
async function expectPresentable(page: Page, name: string): Promise<void> {
  for (const [kind, width, colorScheme] of [
    ['light', 1280, 'light'],
    ['dark', 1280, 'dark'],
    ['phone', 360, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 740 });
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.screenshot({ path: `test-output/${name}-${kind}.png` });
  }
}

/** The colour and the font of the page. */
const looks = (page: Page) =>
  page.evaluate(() => {
    const { backgroundColor, fontFamily } = getComputedStyle(document.body);
    return { backgroundColor, font: fontFamily.split(',')[0] };
  });

describe.skipIf(!isInstalled('Chromium'))('pages that are not built', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('a guest enters the password and sees the files, in the colours of the page', async () => {
    await using server = await startTestServer();
    await uploadFile(server, 'Task:1', {
      name: 'red.png',
      content: new Blob([new Uint8Array(await sharp(RED).png().toBuffer())]),
    });
    await uploadFile(server, 'Task:1', `${'W'.repeat(120)}.txt`);
    const { url } = await createShareLink(server, { name: 'Plans', password: 'correct horse', maxDownloads: 3 });
    await using session = await visit(browser, url);
    const { page } = session;
    const password = page.getByLabel('Password');
    await password.waitFor();
    expect(await password.evaluate((element) => element === document.activeElement)).toBe(true);
    await expectPresentable(page, 'share-password');
    await page.keyboard.type('wrong horse');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();
    await page.keyboard.type('correct horse');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Plans' }).waitFor();
    await page.getByRole('link', { name: 'Download all' }).waitFor();
    expect(await page.getByRole('list', { name: 'Files' }).getByRole('listitem').count()).toBe(2);
    await expect
      .poll(() => page.locator('li img').evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
    await expectPresentable(page, 'share');
    for (const colorScheme of ['light', 'dark'] as const) {
      await using signIn = await visit(browser, server.url, { colorScheme });
      await signIn.page.getByRole('heading').first().waitFor();
      await page.emulateMedia({ colorScheme });
      expect(await looks(page)).toEqual(await looks(signIn.page));
    }
    // The browser reports that the password was refused.
    expect(session.complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });

  test('an unknown address leads home, also below a path of a proxy', async () => {
    await using proxy = await startPathProxy('/files');
    await using server = await startTestServer();
    proxy.target = server.url;
    await using session = await visit(browser, `${proxy.url}/nonsense/deeper`);
    const { page } = session;
    await page.getByRole('heading', { name: 'Not found' }).waitFor();
    await expectPresentable(page, 'not-found');
    await page.getByRole('link', { name: 'Go to the projects' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/files/');
  });
});
