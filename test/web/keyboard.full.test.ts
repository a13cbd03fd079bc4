import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uploadFile } from '../support/files.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { chooseFiles, expectAccessible, launchBrowser, openPlace, rowOf, signIn, uploads, visit } from './visit.ts';

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);

/** What is pressed by a finger and is smaller than it should be. */
const smallTargets = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, summary')].flatMap((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      if (width < 3 || height < 3 || !element.checkVisibility({ visibilityProperty: true })) return [];
      const isInline = element.matches('main a:not([data-row]), section a, nav a');
      const min = isInline && !element.closest('ul') ? 24 : element.matches('a') && isInline ? 24 : 44;
      // The area around a box belongs to it as well.
      const reaches = (by: number) => document.elementFromPoint(x + width / 2, y + height / 2 - by) === element;
      const isTall = height >= min - 0.5 || (element.matches('[type=checkbox], [type=radio]') && reaches(min / 2 - 2));
      return isTall ? [] : `${element.outerHTML.slice(0, 160)}: ${Math.round(width)} × ${Math.round(height)}`;
    }),
  );

describe.skipIf(!isInstalled('Chromium'))('the keyboard and fingers', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('shortcuts lead through a view, and are neither active in fields nor when they are off', async () => {
    await using server = await startTestServer();
    await uploadFile(server, 'Task:1', 'first.txt');
    await uploadFile(server, 'Task:1', 'second.txt');
    await using session = await visit(browser, server.url);
    const { page } = session;
    // Dialogs are intercepted only some time after the first listener was added.
    let choosers = 0;
    page.on('filechooser', () => choosers++);
    await signIn(page, server.key);
    await openPlace(page, 'Task:1');
    await rowOf(page, 'first.txt').waitFor();
    await page.keyboard.press('j');
    expect(await focused(page)).toBe('second.txt');
    await page.keyboard.press('j');
    expect(await focused(page)).toBe('first.txt');
    await page.keyboard.press('k');
    expect(await focused(page)).toBe('second.txt');
    await page.keyboard.press('u');
    await expect.poll(() => choosers, { timeout: 40_000 }).toBe(1);
    await page.keyboard.press('/');
    expect(await focused(page)).toBe('Search file names');
    await page.keyboard.type('j?u/');
    expect(await page.getByRole('searchbox').inputValue()).toBe('j?u/');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('searchbox').fill('');
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'Account' }).focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('checkbox', { name: 'Single keys' }).uncheck();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Account');
    await page.keyboard.press('?');
    await page.keyboard.press('/');
    expect([await focused(page), await page.getByRole('dialog').count()]).toEqual(['Account', 0]);
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await page.getByRole('checkbox', { name: 'Single keys' }).check();
    expect(session.complaints).toEqual([]);
  });

  test('arrow keys lead through the menu of a row, and Escape returns the focus', async () => {
    await using server = await startTestServer();
    await uploadFile(server, 'Task:1', 'plan.txt');
    await using session = await visit(browser, server.url, { viewport: { width: 390, height: 844 } });
    const { page } = session;
    await signIn(page, server.key);
    await openPlace(page, 'Task:1');
    const button = page.getByRole('button', { name: 'Actions for plan.txt' });
    await button.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Download');
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toBe('Share …');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toBe('Rename');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    expect(await focused(page)).toBe('Remove');
    await page.keyboard.press('Home');
    expect(await focused(page)).toBe('Download');
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('Actions for plan.txt');
    expect(await button.getAttribute('aria-expanded')).toBe('false');

    const burger = page.getByRole('button', { name: 'Show or hide the navigation' });
    await burger.click();
    await page.getByRole('link', { name: 'Contacts' }).focus();
    await page.keyboard.press('Escape');
    expect([await focused(page), await burger.getAttribute('aria-expanded')]).toEqual([
      'Show or hide the navigation',
      'false',
    ]);
    expect(session.complaints).toEqual([]);
  });

  test('what is pressed is large enough on a phone, and the panel says where uploads go', async () => {
    await using server = await startTestServer();
    await uploadFile(server, 'Task:1', 'plan.txt');
    await using session = await visit(browser, server.url, { viewport: { width: 390, height: 844 }, hasTouch: true });
    const { page } = session;
    expect(await smallTargets(page)).toEqual([]);
    await signIn(page, server.key);
    const small: string[] = [];
    for (const address of [
      'projects',
      'contacts',
      'Project:1',
      'Task:1',
      'File:1',
      'account',
      'files',
      'admin/users',
    ]) {
      await page.goto(`${server.url}/#/${address}`);
      await page.getByRole('heading', { level: 2 }).waitFor();
      await page.waitForLoadState('networkidle');
      small.push(...(await smallTargets(page)).map((found) => `${address}: ${found}`));
    }
    expect(small).toEqual([]);
    await openPlace(page, 'Task:1');
    await chooseFiles(page, [{ name: 'report.txt', content: 'text' }]);
    await page.getByRole('button', { name: 'Show the list of uploads' }).click();
    await uploads(page).getByText('uploaded').first().waitFor();
    await expectAccessible(page);
    await page.goto(`${server.url}/#/contacts`);
    await uploads(page).getByRole('link', { name: 'to Task: Design the start page' }).click();
    await page.getByRole('heading', { name: 'Design the start page' }).waitFor();
    expect(session.complaints).toEqual([]);
  });
});
