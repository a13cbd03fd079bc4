import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { begin } from '../http/tus/client.ts';
import { createUploadToken } from '../sharing/guests.ts';
import { createShareLink } from '../sharing/share-guests.ts';
import { ask } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { newKey, newPerson } from '../support/people.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { expectAccessible, launchBrowser, signIn, visit } from './visit.ts';

/** What reads: the names of controls that a key of the scope READ is offered. */
const READING = [
  /^(Search|Which files|Order|State of the tasks|Show more|Select|Clear selection)/,
  /^(Download|Actions for |Members$)/,
];

/** Every view, by its address, and a text that it shows when it is loaded. */
const VIEWS: Record<string, string> = {
  projects: 'Website relaunch',
  'Project:1': 'Design the start page',
  'Task:1': 'plan.txt',
  'Comment:1': 'note.txt',
  contacts: 'Ada Lovelace',
  'Contact:1': 'Files',
  opportunities: 'Opportunities',
  'Opportunity:1': 'Files',
  cases: 'Cases',
  'Case:1': 'Files',
  files: 'plan.txt',
  'File:2': 'Versions',
  'Project:1/members': 'Quota',
  'Task:1/sharing': 'Sharing',
  'File:2/sharing': 'Sharing',
  account: 'film.mp4',
};

/** One control of each kind that a key of the scope WRITE is offered, by view. */
const CHANGING: Record<string, string[]> = {
  projects: ['New project'],
  'Project:1': ['New task', 'Rename', 'Delete', 'Sharing', 'Upload files', 'Attach existing files'],
  'Task:1': ['Rename', 'Mark as completed', 'Comment', 'New comment', 'Upload a folder', 'Share …'],
  'Comment:1': ['Edit', 'Delete', 'Upload files'],
  contacts: ['New contact'],
  'Contact:1': ['Rename', 'Upload files'],
  'File:2': ['Share …', 'Rename', 'Remove', 'Review status', 'Upload a new version', 'Remove version 1'],
  'Project:1/members': ['Add a member', 'Role of Ada', 'Change the quota'],
  'Task:1/sharing': ['Create a share link', 'Create an upload token', 'Revoke UploadToken:1'],
  'File:2/sharing': ['Create a share link'],
  account: ['Create an API key', 'Revoke the key', 'Cancel the upload of film.mp4'],
};

async function fill(server: TestServer): Promise<void> {
  const ada = await newPerson(server, 'Ada', { role: 'EDITOR' });
  const file = await uploadFile(server, 'Task:1', 'plan.txt', { status: 'PENDING' }, ada.key);
  await uploadFile(server, 'Task:1', 'plan.txt', { parentId: file.id, status: 'PENDING' }, ada.key);
  const comment = 'mutation { createComment(input: { taskId: "Task:1", body: "Look" }) { comment { id } } }';
  await ask(server, comment);
  await uploadFile(server, 'Comment:1', 'note.txt');
  await createUploadToken(server);
  await createShareLink(server);
  await begin(server, 4096, { filename: 'film.mp4', on: 'Task:1' });
  await ask(server, 'mutation { createApiKey(input: { name: "the key" }) { key } }');
}

/** Opens a view, and waits until nothing more is loaded. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(new URL(`#/${path}`, page.url()).href);
  await page
    .getByRole('main')
    .getByText(VIEWS[path] ?? '')
    .first()
    .waitFor();
  await page.waitForLoadState('networkidle');
  await expect.poll(() => page.getByLabel('Loading …').count()).toBe(0);
}

/** The names of the controls of the view, and of the menu of each file. */
async function controlsOf(page: Page): Promise<string[]> {
  const main = page.getByRole('main');
  const menus: string[] = [];
  for (const button of await main.getByRole('button', { name: /^Actions for / }).all()) {
    await button.click();
    menus.push(...(await page.locator('ul:popover-open :is(button, a)').allTextContents()));
    await page.keyboard.press('Escape');
  }
  const selectAll = main.getByRole('checkbox', { name: 'Select all that are shown' });
  if ((await selectAll.count()) > 0) await selectAll.check();
  const controls = 'button:not([popover] button), select, textarea, input, a[href$="/sharing"], a[href$="/members"]';
  const names = await main.locator(controls).evaluateAll((elements) =>
    elements.map((element) => {
      const { labels, title } = element as HTMLInputElement;
      return element.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? (element.textContent || title);
    }),
  );
  return [...names, ...menus].map((name) => name.replace(/\s*\*$/, ''));
}

const changes = (names: string[]) => names.filter((name) => !READING.some((pattern) => pattern.test(name)));

describe.skipIf(!isInstalled('Chromium'))('a key that can only read, on the page', { timeout: 180_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test.for(['administrator', 'editor'])('is offered nothing that changes something: %s', async (who) => {
    await using server = await startTestServer();
    await fill(server);
    const userId = who === 'editor' ? 'User:2' : 'User:1';
    const { key } = await newKey(server, userId, 'READ');
    if (who === 'editor')
      await begin({ url: server.url, key: (await newKey(server, userId, 'WRITE')).key }, 4096, {
        filename: 'film.mp4',
      });
    await using session = await visit(browser, server.url);
    const { page } = session;
    const answers: string[] = [];
    page.on('response', async (response) => {
      if (response.url().endsWith('/graphql')) answers.push(await response.text().catch(() => ''));
    });
    await signIn(page, key);
    for (const path of Object.keys(VIEWS)) {
      await open(page, path);
      await page.getByText('This API key can only read, so controls').waitFor();
      expect([path, changes(await controlsOf(page))]).toEqual([path, []]);
      await expectAccessible(page);
    }
    expect(await page.getByRole('link', { name: 'Administration' }).count()).toBe(0);
    await open(page, 'Task:1');
    await page.screenshot({ path: `test-output/read-only-${who}.png`, fullPage: true });
    expect(answers.filter((text) => text.includes('FORBIDDEN'))).toEqual([]);
    expect(session.complaints).toEqual([]);
  });

  test('the same views offer what changes something to a key that permits it', async () => {
    await using server = await startTestServer();
    await fill(server);
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, server.key);
    for (const [path, expected] of Object.entries(CHANGING)) {
      await open(page, path);
      expect(changes(await controlsOf(page))).toEqual(expect.arrayContaining(expected));
      expect(await page.getByRole('note').count()).toBe(0);
    }
  });

  test('an administrator with a key of the scope WRITE changes no quota, and makes and revokes no wider key', async () => {
    await using server = await startTestServer();
    await fill(server);
    const { key } = await newKey(server, 'User:1', 'WRITE');
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, key);
    await open(page, 'Project:1/members');
    const names = await controlsOf(page);
    expect([names.includes('Add a member'), names.includes('Change the quota')]).toEqual([true, false]);
    await page.getByRole('button', { name: 'Add a member' }).click();
    await page.getByRole('textbox', { name: 'Email address, or id of the user' }).waitFor();
    await page.keyboard.press('Escape');
    await open(page, 'account');
    await page.getByText('This API key does not permit administration').waitFor();
    expect(await page.getByRole('link', { name: 'Administration' }).count()).toBe(0);
    const records = page.getByRole('list', { name: 'API keys' }).getByRole('listitem');
    const isRevocable = (text: string) => records.filter({ hasText: text }).getByRole('button').count();
    expect([await isRevocable('administer'), await isRevocable('the key')]).toEqual([0, 1]);
    await page.getByRole('button', { name: 'Create an API key' }).click();
    expect(await page.getByLabel('What it permits').locator('option').allTextContents()).toEqual([
      'Read',
      'Read and change',
    ]);
    await expectAccessible(page);
  });
});
