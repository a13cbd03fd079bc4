import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { chooseFiles, expectAccessible, launchBrowser, openPlace, signIn, uploads, visit } from './visit.ts';

/** Longer than the list stays open after the last upload. */
const LONG_MS = 12_000;

describe.skipIf(!isInstalled('Chromium'))('the panel of uploads', { timeout: 180_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('closes its list some time after all files are stored, opens it again for others, and is closed', async () => {
    await using server = await startTestServer();
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, server.key);
    await openPlace(page, 'Task:1');
    const [shows, hides] = [
      uploads(page).getByRole('button', { name: 'Show the list of uploads' }),
      uploads(page).getByRole('button', { name: 'Hide the list of uploads' }),
    ];
    await chooseFiles(page, [{ name: 'first.txt', content: 'first' }]);
    await uploads(page).getByText('1 file uploaded').waitFor();
    expect(await hides.count()).toBe(1);
    await shows.waitFor();
    await uploads(page).getByText('1 file uploaded').waitFor();
    await expectAccessible(page);

    await chooseFiles(page, [{ name: 'second.txt', content: 'second' }]);
    await hides.waitFor();
    await uploads(page).getByText('2 files uploaded').waitFor();
    // Not while the pointer is in it.
    await uploads(page).hover();
    await pause(LONG_MS);
    expect(await hides.count()).toBe(1);
    await page.mouse.move(5, 5);
    await shows.waitFor();

    // What the user opens stays open.
    await shows.click();
    await page.mouse.move(5, 5);
    await page.getByRole('heading', { level: 2 }).first().click();
    await pause(LONG_MS);
    await hides.click();
    await uploads(page).getByRole('button', { name: 'Close the list of uploads' }).click();
    await uploads(page).waitFor({ state: 'detached' });
    expect(session.complaints).toEqual([]);
  });

  test('stays open while an upload has failed', async () => {
    await using server = await startTestServer({ REFUSED_EXTENSIONS: 'exe' });
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, server.key);
    await openPlace(page, 'Task:1');
    await chooseFiles(page, [
      { name: 'good.txt', content: 'good' },
      { name: 'virus.exe', content: 'bad' },
    ]);
    await uploads(page).getByText('1 file uploaded · 1 failed').waitFor();
    await pause(LONG_MS);
    await uploads(page).getByText('Files of this kind are refused').waitFor();
    await uploads(page).getByRole('button', { name: 'Dismiss virus.exe' }).click();
    await page.mouse.move(5, 5);
    await page.getByRole('heading', { level: 2 }).first().click();
    await uploads(page).getByRole('button', { name: 'Show the list of uploads' }).waitFor();
  });
});
