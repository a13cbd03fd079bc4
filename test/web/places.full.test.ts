import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { fileOf, uploadFile } from '../support/files.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { expectAccessible, launchBrowser, signIn, visit } from './visit.ts';

/** Presses an action in the menu of a file. */
async function act(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page
    .getByRole('list', { name: `Actions for ${name}` })
    .getByRole('button', { name: action })
    .click();
}

const red = () =>
  sharp({ create: { width: 60, height: 40, channels: 3, background: '#c33' } })
    .png()
    .toBuffer();

describe.skipIf(!isInstalled('Chromium'))('places and their files on the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('from the projects to a task, whose files are listed with thumbnails, renamed and reviewed', async () => {
    await using server = await startTestServer();
    const picture = await uploadFile(server, 'Task:1', {
      name: 'red.png',
      content: new Blob([new Uint8Array(await red())]),
    });
    const plan = await uploadFile(server, 'Task:1', 'plan.txt', { status: 'PENDING' });
    await using session = await visit(browser, server.url, { colorScheme: 'light' });
    const { page } = session;
    await signIn(page, server.key);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('New project');
    await page.getByRole('link', { name: 'Website relaunch' }).click();
    await page.getByRole('heading', { name: 'Website relaunch' }).waitFor();
    await page.getByRole('link', { name: 'Design the start page' }).click();
    await page.getByRole('button', { name: 'Mark as completed' }).click();
    await page.getByText('completed', { exact: true }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Reopen' }).click();
    await page.getByRole('button', { name: 'Mark as completed' }).waitFor();
    await page.getByRole('link', { name: 'red.png' }).waitFor();
    const thumbnail = page.locator(`tr[data-file="${picture.id}"] img`);
    await expect.poll(() => thumbnail.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectAccessible(page);

    await act(page, 'plan.txt', 'Rename');
    await expectAccessible(page);
    const name = page.getByRole('dialog').getByRole('textbox', { name: 'Name' });
    expect(await name.evaluate((input: HTMLInputElement) => input.value.slice(0, input.selectionEnd ?? 0))).toBe(
      'plan',
    );
    await page.keyboard.type('the plan');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'the plan.txt' }).waitFor();

    await act(page, 'the plan.txt', 'Review');
    await page.getByRole('radio', { name: 'Approved' }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator(`tr[data-file="${plan.id}"]`).getByText('Approved').waitFor();
    expect(await fileOf(server, plan.id)).toMatchObject({ name: 'the plan.txt', status: 'APPROVED' });
    expect(await page.title()).toBe('Design the start page · Attaché');
    expect(session.foreign).toEqual([]);
    expect(session.complaints).toEqual([]);
  });

  test('a search finds projects and contacts, and what is created is opened', async () => {
    await using server = await startTestServer();
    await ask(server, 'mutation { createContact(input: { displayName: "Grace Hopper" }) { contact { id } } }');
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, server.key);
    await page.getByRole('searchbox', { name: 'Search projects' }).fill('nothing like it');
    await page.getByText('Nothing found.').waitFor();
    await page.getByRole('button', { name: 'New project' }).click();
    await page.getByRole('textbox', { name: 'Title' }).fill('<b>Garden</b>');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: '<b>Garden</b>' }).waitFor();
    await page.getByRole('link', { name: 'Contacts' }).click();
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor();
    await page.getByRole('searchbox').fill('GRACE');
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Grace Hopper' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Contacts' }).waitFor();
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor();
    expect(await page.getByRole('link', { name: 'Grace Hopper' }).count()).toBe(0);
    expect(session.complaints).toEqual([]);
  });
});
