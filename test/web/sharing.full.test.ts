import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demote, uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { expectAccessible, launchBrowser, openPlace, rowOf, signIn, visit } from './visit.ts';

const links = (page: Page) => page.getByRole('list', { name: 'Share links' }).getByRole('listitem');

/** Creates a link in the view of a file or place, and returns its URL. */
async function createLink(page: Page, heading: string): Promise<string> {
  await page.getByRole('button', { name: 'Create a share link' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Heading' }).fill(heading);
  await dialog.getByRole('button', { name: 'Create' }).click();
  const url = (await dialog.getByTestId('secret').textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Done' }).click();
  return url;
}

describe.skipIf(!isInstalled('Chromium'))('a share link for one file', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('is created where the file is, shows a guest its newest version alone, and is revoked', async () => {
    await using server = await startTestServer();
    const first = await uploadFile(server, 'Task:1', { name: 'plan.txt', content: 'first' });
    await uploadFile(server, 'Task:1', 'secret.txt');
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, server.key);
    await openPlace(page, 'Task:1');
    await rowOf(page, 'plan.txt').getByRole('button', { name: 'Actions for plan.txt' }).click();
    await page.getByRole('link', { name: 'Share …' }).click();
    await page.getByText('downloads the newest version of this file').waitFor();
    expect(await page.getByText('Upload tokens').count()).toBe(0);
    await expectAccessible(page);
    const url = await createLink(page, 'For the printer');
    await links(page).filter({ hasText: 'For the printer' }).waitFor();
    await page.screenshot({ path: 'test-output/sharing-file.png' });

    // Of an older version, the view leads to the links of all versions.
    await uploadFile(server, 'Task:1', { name: 'plan.txt', content: 'second' }, { parentId: first.id });
    await page.goto(`${server.url}/#/${first.id}`);
    await page.getByRole('link', { name: 'Share …' }).click();
    await links(page).filter({ hasText: 'For the printer' }).waitFor();

    await using guest = await visit(browser, url, { acceptDownloads: true });
    await guest.page.getByRole('heading', { name: 'For the printer' }).waitFor();
    const [download] = await Promise.all([
      guest.page.waitForEvent('download'),
      guest.page.getByRole('link', { name: 'plan.txt' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toBe('second');
    expect(await guest.page.getByText('secret.txt').count()).toBe(0);

    await page.getByRole('button', { name: 'Revoke For the printer' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await links(page).getByText('Revoked', { exact: true }).waitFor();
    await guest.page.reload();
    await guest.page.getByText('plan.txt').waitFor({ state: 'detached' });
    expect(session.complaints).toEqual([]);
  });

  test('an uploader who may not edit the place shares the own file, and nobody else is offered it', async () => {
    await using server = await startTestServer();
    const uploader = await newPerson(server, 'Una', { role: 'EDITOR' });
    const { id } = await uploadFile(server, 'Task:1', 'own.txt', {}, uploader.key);
    const other = await uploadFile(server, 'Task:1', 'other.txt');
    await demote(server, uploader);
    await using session = await visit(browser, `${server.url}/#/${id}`);
    const { page } = session;
    await signIn(page, uploader.key);
    await page.getByRole('link', { name: 'Share …' }).click();
    await createLink(page, 'Mine');
    await links(page).filter({ hasText: 'Mine' }).waitFor();
    await page.goto(`${server.url}/#/${other.id}`);
    await page.getByRole('heading', { name: 'other.txt' }).waitFor();
    expect(await page.getByRole('link', { name: 'Share …' }).count()).toBe(0);
    await page.goto(`${server.url}/#/${other.id}/sharing`);
    await page.getByText('You may see this, but not share it').waitFor();
    expect(session.complaints).toEqual([]);
  });
});
