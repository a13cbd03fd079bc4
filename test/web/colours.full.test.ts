import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { expectAccessible, launchBrowser, signIn, visit } from './visit.ts';

const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const [LIGHT, DARK] = ['rgb(255, 255, 255)', 'rgb(36, 36, 36)'];

describe.skipIf(!isInstalled('Chromium'))('the choice of colours', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('follows the system until light or dark is chosen, and is remembered', async () => {
    await using server = await startTestServer();
    await using session = await visit(browser, server.url, { colorScheme: 'dark' });
    const { page } = session;
    await signIn(page, server.key);
    const choice = page.getByLabel('Colours');
    expect([await choice.inputValue(), await background(page)]).toEqual(['auto', DARK]);
    await choice.selectOption('Light');
    await expect.poll(() => background(page)).toBe(LIGHT);
    await expectAccessible(page);
    await page.reload();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    expect([await choice.inputValue(), await background(page)]).toEqual(['light', LIGHT]);

    // Another tab follows.
    const other = await page.context().newPage();
    await other.goto(server.url);
    await other.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await choice.selectOption('Dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await other.emulateMedia({ colorScheme: 'light' });
    expect(await background(page)).toBe(DARK);
    await expect.poll(() => background(other)).toBe(DARK);
    await expectAccessible(page);
    await choice.selectOption('As the system');
    await expect.poll(() => background(page)).toBe(LIGHT);
    expect(session.complaints).toEqual([]);
  });

  test('is in the navigation of a phone, which stays open meanwhile', async () => {
    await using server = await startTestServer();
    await using session = await visit(browser, server.url, { viewport: { width: 360, height: 740 }, hasTouch: true });
    const { page } = session;
    await signIn(page, server.key);
    await page.getByRole('button', { name: 'Show or hide the navigation' }).click();
    const choice = page.getByLabel('Colours');
    await choice.click();
    await choice.selectOption('Dark');
    await expect.poll(() => background(page)).toBe(DARK);
    expect(await choice.isVisible()).toBe(true);
    expect((await choice.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await expectAccessible(page);
  });
});
