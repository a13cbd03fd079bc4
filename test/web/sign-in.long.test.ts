import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { expectAccessible, launchBrowser, signIn, visit } from './visit.ts';

describe.skipIf(!isInstalled('Chromium'))('signing in on the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('a key signs in for the tab, and a wrong one says what may be wrong with it', async () => {
    await using server = await startTestServer();
    await using session = await visit(browser, server.url);
    const { page } = session;
    const field = page.getByRole('textbox', { name: 'API key' });
    await expect.poll(() => field.evaluate((input) => input === document.activeElement)).toBe(true);
    await page.keyboard.type('att_wrong');
    // In the region that was there before the text, once for each attempt.
    const alert = await page.getByRole('alert').elementHandle();
    const announced = await alert?.evaluateHandle((region) => {
      const texts: string[] = [];
      new MutationObserver(() => texts.push(region.textContent ?? '')).observe(region, { childList: true });
      return texts;
    });
    for (let attempt = 0; attempt < 2; attempt++) {
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('does not know this key').waitFor();
      await page.getByRole('button', { name: 'Sign in' }).and(page.locator(':not([data-loading])')).waitFor();
    }
    expect((await announced?.jsonValue())?.map((text) => text.includes('does not know'))).toEqual([true, false, true]);
    // The next try replaces it.
    expect(await field.evaluate((input: HTMLInputElement) => [input.selectionStart, input.selectionEnd])).toEqual([
      0, 9,
    ]);
    await expectAccessible(page);
    await signIn(page, server.key);
    await page.getByRole('heading', { name: 'Projects' }).waitFor();
    await expectAccessible(page);
    await page.reload();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.reload();
    await page.getByRole('textbox', { name: 'API key' }).waitFor();
    expect(session.foreign).toEqual([]);
    expect(session.complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });
});
