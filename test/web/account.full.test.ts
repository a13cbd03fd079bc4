import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { begin, bytesOf, piece, tus } from '../http/tus/client.ts';
import { codeOf } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { expectAccessible, launchBrowser, signIn, visit } from './visit.ts';

describe.skipIf(!isInstalled('Chromium'))('the account on the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('a key is created, shown once, works, and stops working when it is revoked', async () => {
    await using server = await startTestServer();
    await using session = await visit(browser, new URL('/#/account', server.url).href);
    const { page } = session;
    await signIn(page, server.key);
    await page.getByRole('heading', { name: 'API keys' }).waitFor();
    await page.getByRole('button', { name: 'Create an API key' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('the build <b>server</b>');
    await page.getByLabel('What it permits').selectOption('READ');
    await page.getByLabel('Ends').selectOption('30');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'API key “the build <b>server</b>”' });
    const key = (await dialog.locator('pre').textContent()) ?? '';
    await expectAccessible(page);
    expect(await codeOf(server, '{ viewer { id } }', {}, key)).toBeUndefined();
    await dialog.getByRole('button', { name: 'Done' }).click();
    expect(await page.getByText(key).count()).toBe(0);

    const record = page.getByRole('listitem').filter({ hasText: 'the build <b>server</b>' });
    await record.getByText('read', { exact: true }).waitFor();
    await record.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await record.getByText('Revoked', { exact: true }).waitFor();
    expect(await codeOf(server, '{ viewer { id } }', {}, key)).toBe('UNAUTHENTICATED');
    await expectAccessible(page);
    expect(session.complaints).toEqual([]);
  });

  test('a user who revokes the key that signed in has to sign in again', async () => {
    await using server = await startTestServer();
    await using session = await visit(browser, new URL('/#/account', server.url).href);
    const { page } = session;
    const ada = await newPerson(server, 'Ada');
    await signIn(page, ada.key);
    await page.getByRole('button', { name: /^Revoke/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('alert').getByText('Your session has ended').waitFor();
    expect(page.url()).toContain('#/account');
  });

  test('unfinished uploads are listed and cancelled, and open sessions are listed', async () => {
    await using server = await startTestServer();
    await using session = await visit(browser, new URL('/#/account', server.url).href);
    const { page } = session;
    const ada = await newPerson(server, 'Ada', { role: 'EDITOR' });
    const place = { url: server.url, key: ada.key };
    const path = await begin(place, 4096, { filename: 'a <b>film.mp4', on: 'Task:1' });
    await tus(place, 'PATCH', path, piece(0), bytesOf(1024));
    await tus(place, 'POST', '/uploads', { 'upload-defer-length': '1' });
    await uploadFile(server, 'Task:1', 'a', { sessionToken: 'the token' }, ada.key);
    await signIn(page, ada.key);
    const uploads = page.getByRole('list', { name: 'Unfinished uploads' });
    const film = uploads.getByRole('listitem').filter({ hasText: 'a <b>film.mp4' });
    await film.getByText('1 KiB of 4 KiB').waitFor();
    const progress = film.getByRole('progressbar', { name: 'Progress of a <b>film.mp4' });
    expect(await progress.getAttribute('aria-valuenow')).toBe('25');
    await uploads.getByText('0 B so far').waitFor();
    const sessions = page.getByRole('list', { name: 'Open upload sessions' });
    await sessions.getByText('files to announce: 1').waitFor();
    expect(await page.getByText('the token').count()).toBe(0);
    await expectAccessible(page);
    await page.screenshot({ path: 'test-output/account-uploads.png', fullPage: true });

    const cancel = film.getByRole('button', { name: 'Cancel the upload of a <b>film.mp4' });
    await cancel.click();
    const dialog = page.getByRole('dialog', { name: 'Cancel the upload?' });
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect((await tus(place, 'GET', path)).status).toBe(200);
    await cancel.click();
    await dialog.getByRole('button', { name: 'Cancel the upload' }).click();
    await film.waitFor({ state: 'detached' });
    expect((await tus(place, 'GET', path)).status).toBe(404);
    expect(session.complaints).toEqual([]);
  });

  test('administrators see and cancel the uploads of a user', async () => {
    await using server = await startTestServer();
    const ada = await newPerson(server, 'Ada');
    await using session = await visit(browser, new URL(`/#/admin/users/${ada.id}`, server.url).href);
    const { page } = session;
    const path = await begin({ url: server.url, key: ada.key }, 4096, { filename: 'film.mp4' });
    await signIn(page, server.key);
    await page.setViewportSize({ width: 360, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Cancel the upload of film.mp4' }).waitFor();
    await page.getByText('No open upload sessions.').waitFor();
    await expectAccessible(page);
    await page.screenshot({ path: 'test-output/user-uploads.png', fullPage: true });
    await page.getByRole('button', { name: 'Cancel the upload of film.mp4' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the upload' }).click();
    await page.getByText('No unfinished uploads.').waitFor();
    expect((await tus({ url: server.url, key: ada.key }, 'GET', path)).status).toBe(404);
    expect(session.complaints).toEqual([]);
  });
});
