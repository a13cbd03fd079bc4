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
    await page.getByRole('textbox', { name: 'API key' }).fill('att_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('does not know this key').waitFor();
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
