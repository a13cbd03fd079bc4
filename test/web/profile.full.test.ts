import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { sharedSecret, tokenOf } from '../support/jwt.ts';
import { newKey, newPerson } from '../support/people.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { expectAccessible, launchBrowser, signIn, visit } from './visit.ts';

describe.skipIf(!isInstalled('Chromium'))('the account and the quota', { timeout: 180_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('users change their own name, and the page shows it at once', async () => {
    await using server = await startTestServer();
    const ada = await newPerson(server, 'Ada');
    await using session = await visit(browser, new URL('/#/account', server.url).href);
    const { page } = session;
    await signIn(page, ada.key);
    await page.getByRole('button', { name: 'Change the name' }).click();
    const dialog = page.getByRole('dialog');
    const name = dialog.getByRole('textbox', { name: 'Name' });
    expect(await name.inputValue()).toBe('Ada');
    await name.fill('   ');
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await name.fill(' Ada Lovelace ');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
    await page.getByRole('banner').getByRole('link', { name: 'Ada Lovelace' }).waitFor();
    expect(await ask(server, '{ viewer { displayName } }', {}, ada.key)).toEqual({
      viewer: { displayName: 'Ada Lovelace' },
    });
    const { key } = await newKey(server, ada.id, 'READ');
    await using reader = await visit(browser, new URL('/#/account', server.url).href);
    await signIn(reader.page, key);
    await reader.page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
    expect(await reader.page.getByRole('button', { name: 'Change the name' }).count()).toBe(0);
    expect(session.complaints).toEqual([]);
  });

  test('the name of a user from an identity provider is not changed here', async () => {
    await using server = await startTestServer(sharedSecret);
    const token = await tokenOf('ada', { name: 'Ada of the provider' });
    await using session = await visit(browser, new URL('/#/account', server.url).href);
    const { page } = session;
    await signIn(page, token);
    await page.getByRole('heading', { name: 'Ada of the provider' }).waitFor();
    await page.getByText('The name comes from the identity provider').waitFor();
    expect(await page.getByRole('button', { name: 'Change the name' }).count()).toBe(0);
    await expectAccessible(page);
  });

  test('the last use of a key appears without a reload', async () => {
    await using server = await startTestServer();
    const ada = await newPerson(server, 'Ada');
    await using session = await visit(browser, new URL('/#/account', server.url).href);
    const { page } = session;
    await signIn(page, ada.key);
    const keys = page.getByRole('list', { name: 'API keys' });
    await keys.getByText('not used yet').waitFor();
    // The server stores it within a minute; the list is read again each minute.
    await expect
      .poll(
        async () => {
          await page.evaluate(() => dispatchEvent(new Event('focus')));
          return keys.getByText('last used').count();
        },
        { timeout: 90_000, interval: 2000 },
      )
      .toBe(1);
    expect(session.complaints).toEqual([]);
  });

  test('a quota below the present use gives a warning, and can be saved', async () => {
    await using server = await startTestServer();
    await uploadFile(server, 'Project:1', { name: 'a.txt', content: 'x'.repeat(2048) });
    await uploadFile(server, 'Project:1', { name: 'b.txt', content: 'x'.repeat(1024) });
    await using session = await visit(browser, new URL('/#/Project:1/members', server.url).href);
    const { page } = session;
    await signIn(page, server.key);
    await page.getByRole('button', { name: 'Change the quota' }).click();
    const dialog = page.getByRole('dialog');
    const warning = dialog.getByRole('status');
    await dialog.getByRole('textbox', { name: 'Size of all files' }).fill('1 MiB');
    expect(await warning.textContent()).toBe('');
    await dialog.getByRole('textbox', { name: 'Size of all files' }).fill('1 KiB');
    await dialog.getByRole('textbox', { name: 'Number of files' }).fill('1');
    await expect.poll(() => warning.textContent()).toContain('uses more already: 3 KiB, 2 files.');
    await expectAccessible(page);
    await page.screenshot({ path: 'test-output/quota-warning.png' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('3 KiB of 1 KiB').waitFor();
    expect(session.complaints).toEqual([]);
  });
});
