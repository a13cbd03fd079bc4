import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { attach, ids, uploadFile, uploadFiles } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { watchTask } from './upload-page.ts';
import { expectAccessible, launchBrowser, openPlace, rowOf, signIn, visit } from './visit.ts';

async function comment(server: TestServer, body: string, key: string): Promise<string> {
  const query =
    'mutation ($body: String!) { createComment(input: { taskId: "Task:1", body: $body }) { comment { id } } }';
  type Created = { createComment: { comment: { id: string } } };
  return (await ask<Created>(server, query, { body }, key)).createComment.comment.id;
}

/** The view in dark colours, and as wide as a phone. */
async function screenshots(page: Page, name: string): Promise<void> {
  for (const [kind, width, colorScheme] of [
    ['light', 1280, 'light'],
    ['dark', 1280, 'dark'],
    ['phone', 360, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
    await page.screenshot({ path: `test-output/${name}-${kind}.png` });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

describe.skipIf(!isInstalled('Chromium'))('people who work together on the page', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('comments of others and files on them appear without a reload', async () => {
    await using server = await startTestServer();
    const ada = await newPerson(server, 'Ada', { role: 'EDITOR' });
    await using watcher = await watchTask(browser, server.url, server.key);
    const { page } = watcher;
    const comments = page.getByRole('region', { name: 'Comments' });
    await comments.getByText('The first sketch is attached.').waitFor();
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
    await uploadFile(server, 'Comment:1', 'on the first.txt', {}, ada.key);
    await comments.getByRole('link', { name: 'on the first.txt' }).waitFor();
    const second = await comment(server, 'With a file', ada.key);
    await uploadFile(server, second, 'on the second.txt', {}, ada.key);
    await comments.getByRole('link', { name: 'on the second.txt' }).waitFor();
    await comments.getByText('With a file').waitFor();
    await comment(server, 'Without a file', ada.key);
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await comments.getByText('Without a file').waitFor();
    expect(await page.evaluate(() => 'isSamePage' in globalThis)).toBe(true);
    await screenshots(page, 'comments');
  });

  test('files that are attached already cannot be chosen, on any page of the search', async () => {
    await using server = await startTestServer({ MAX_FILES: '100' });
    const names = Array.from({ length: 60 }, (_, index) => `${String(index).padStart(2, '0')}.txt`);
    const files = ids((await uploadFiles(server, 'Task:2', names)).files);
    await attach(server, 'Task:1', [files[0] ?? '', files[59] ?? '']);
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, server.key);
    await openPlace(page, 'Task:1');
    await page.getByRole('button', { name: 'Attach existing files' }).click();
    const dialog = page.getByRole('dialog');
    const box = (name: string) => dialog.getByRole('checkbox', { name });
    await box('59.txt').waitFor();
    expect([await box('59.txt').isDisabled(), await box('58.txt').isDisabled()]).toEqual([true, false]);
    await dialog.getByText('attached here already').waitFor();
    await screenshots(page, 'attach');
    await dialog.getByRole('button', { name: 'Show more' }).click();
    await box('00.txt').waitFor();
    expect([await box('00.txt').isDisabled(), await box('01.txt').isDisabled()]).toEqual([true, false]);
    await box('01.txt').check();
    await dialog.getByRole('button', { name: 'Attach (1)' }).click();
    await rowOf(page, '01.txt').waitFor();
    expect(session.complaints).toEqual([]);
  });

  test('administrators search for a new member; an owner names one and lists no users', async () => {
    await using server = await startTestServer();
    const olga = await newPerson(server, 'Olga', { role: 'OWNER' });
    await newPerson(server, 'Grace Hopper');
    await using session = await visit(browser, new URL('/#/Project:1/members', server.url).href);
    const { page } = session;
    await signIn(page, server.key);
    await page.getByRole('button', { name: 'Add a member' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Grace Hopper' }).waitFor();
    expect(await dialog.getByRole('radio', { name: 'Olga' }).isDisabled()).toBe(true);
    await screenshots(page, 'member');
    await dialog.getByRole('searchbox').fill('hopp');
    await dialog.getByRole('radio', { name: 'Olga' }).waitFor({ state: 'detached' });
    await dialog.getByRole('radio', { name: 'Grace Hopper' }).check();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByLabel('Role of Grace Hopper').waitFor();
    expect(session.complaints).toEqual([]);

    await using other = await visit(browser, new URL('/#/Project:1/members', server.url).href);
    const asked: string[] = [];
    other.page.on('request', (request) => asked.push(request.postData() ?? ''));
    await signIn(other.page, olga.key);
    await other.page.getByRole('button', { name: 'Add a member' }).click();
    await other.page.getByRole('textbox', { name: 'Email address, or id of the user' }).waitFor();
    expect(await other.page.getByRole('dialog').getByRole('radio').count()).toBe(0);
    expect(asked.filter((text) => text.includes('users('))).toEqual([]);
  });

  test('several selected files, also of different places, are downloaded as one ZIP', async () => {
    await using server = await startTestServer();
    await uploadFile(server, 'Task:1', 'plan.txt');
    await uploadFile(server, 'Contact:1', 'letter.txt');
    await uploadFile(server, 'Task:2', 'not chosen.txt');
    await using session = await visit(browser, new URL('/#/files', server.url).href, { acceptDownloads: true });
    const { page } = session;
    await signIn(page, server.key);
    await page.getByRole('checkbox', { name: 'Select plan.txt' }).check();
    expect(await page.getByRole('button', { name: 'Download as ZIP' }).count()).toBe(0);
    await page.getByRole('checkbox', { name: 'Select letter.txt' }).check();
    await screenshots(page, 'zip');
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as ZIP' }).click();
    const download = await saving;
    expect(download.suggestedFilename()).toBe('Files.zip');
    const content = (await readFile(await download.path())).toString('latin1');
    const has = (name: string) => content.includes(name);
    expect([has('plan.txt'), has('letter.txt'), has('not chosen.txt')]).toEqual([true, true, false]);
    expect(session.complaints).toEqual([]);
  });
});
