import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf } from '../support/client.ts';
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

  test('whoever revokes the key that signed in is asked to sign in again', async () => {
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
});
