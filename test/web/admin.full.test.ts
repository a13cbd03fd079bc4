import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createUploadToken } from '../sharing/guests.ts';
import { createShareLink } from '../sharing/share-guests.ts';
import { ask, codeOf } from '../support/client.ts';
import { addProjectMember, createUser, newPerson } from '../support/people.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { expectAccessible, launchBrowser, signIn, type Visit, visit } from './visit.ts';

const phone = { viewport: { width: 360, height: 740 } };

/** Opens a view, signed in with a key. */
async function open(
  browser: Browser,
  server: TestServer,
  path: string,
  key = server.key,
  options = {},
): Promise<Visit> {
  const session = await visit(browser, new URL(`/#${path}`, server.url).href, options);
  await signIn(session.page, key);
  return session;
}

const dialog = (page: Page) => page.getByRole('dialog');
const record = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text });
/** Answers the dialog that is open. */
const confirm = (page: Page, button: string) => dialog(page).getByRole('button', { name: button, exact: true }).click();

const goTo = (page: Page, path: string) => page.evaluate((hash) => location.replace(`#${hash}`), path);

/** Nothing is wider than the window. */
const overflowOf = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe.skipIf(!isInstalled('Chromium'))('administration on the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('users are searched, created, disabled, made administrators, removed and erased', async () => {
    await using server = await startTestServer();
    await ask(server, createUser, { input: { displayName: 'Bob <b>', email: 'bob@example.com' } });
    await using session = await open(browser, server, '/admin/users');
    const { page } = session;
    await page.getByRole('searchbox', { name: 'Search names' }).fill('bob@example');
    await expect.poll(() => page.getByRole('list', { name: 'Users' }).getByRole('listitem').count()).toBe(1);
    await record(page, 'Bob <b>').getByText('bob@example.com').waitFor();
    await page.getByRole('searchbox').fill('nobody of this name');
    await page.getByText('No such users.').waitFor();
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Create a user' }).click();
    await dialog(page).getByRole('textbox', { name: 'Name' }).fill('Build server');
    await dialog(page).getByRole('checkbox', { name: 'Service account' }).check();
    await expectAccessible(page);
    await confirm(page, 'Create');
    await page.getByRole('heading', { name: 'Build server' }).waitFor();
    await page.getByRole('button', { name: 'Create an API key' }).click();
    await dialog(page).getByRole('textbox', { name: 'Name' }).fill('first');
    await confirm(page, 'Create');
    const key = (await dialog(page).locator('pre').textContent()) ?? '';
    await confirm(page, 'Done');
    const works = () => codeOf(server, '{ viewer { id } }', {}, key);
    expect(await works()).toBeUndefined();

    await page.getByRole('button', { name: 'Disable' }).click();
    await confirm(page, 'Cancel');
    expect(await works()).toBeUndefined();
    await page.getByRole('button', { name: 'Disable' }).click();
    await confirm(page, 'Disable');
    await page.getByText('Disabled', { exact: true }).waitFor();
    expect(await works()).toBe('UNAUTHENTICATED');
    await page.getByRole('button', { name: 'Enable' }).click();
    await confirm(page, 'Enable');
    await page.getByRole('button', { name: 'Make administrator' }).click();
    await confirm(page, 'Make administrator');
    await page.getByRole('button', { name: 'No longer administrator' }).waitFor();
    expect(await works()).toBeUndefined();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Remove' }).click();
    await confirm(page, 'Remove');
    await page.getByText('Removed', { exact: true }).waitFor();
    expect(await works()).toBe('UNAUTHENTICATED');
    await page.getByRole('button', { name: 'Erase' }).click();
    await confirm(page, 'Erase');
    await page.getByRole('heading', { name: 'Removed user' }).waitFor();
    expect(session.complaints).toEqual([]);
  });

  test('a refusal of the server is shown, and the dialog stays open', async () => {
    await using server = await startTestServer();
    await using session = await open(browser, server, '/admin/users/User:1');
    const { page } = session;
    await page.getByRole('button', { name: 'Disable' }).click();
    await confirm(page, 'Disable');
    await dialog(page).getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog(page).count()).toBe(0);
    // The focus returns to what opened it.
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Disable');
  });

  test('the audit log has filters and pages, and says who did what to what, when and from where', async () => {
    await using server = await startTestServer();
    for (let index = 0; index < 60; index++)
      await ask(server, createUser, { input: { displayName: `User number ${index}` } });
    await using session = await open(browser, server, '/admin/users');
    const { page } = session;
    await page.getByRole('tab', { name: 'Audit log' }).click();
    const entries = page.getByRole('list', { name: 'Audit log' }).getByRole('listitem');
    await expect.poll(() => entries.count()).toBe(50);
    await expect.poll(() => entries.first().textContent()).toContain('created the user');
    expect(await entries.first().textContent()).toContain('from 127.0.0.1');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => entries.count()).toBeGreaterThan(59);
    await page.getByLabel('Action').selectOption('MEMBER_ADDED');
    await expect.poll(() => entries.filter({ hasText: 'created the user' }).count()).toBe(0);
    await page.getByLabel('Action').selectOption('USER_CREATED');
    await page.getByLabel('On the object').fill('User:9');
    await expect.poll(() => entries.count()).toBe(1);
    await goTo(page, '/admin/users/User:1');
    await page.getByRole('link', { name: 'What this user did' }).click();
    await expect.poll(() => page.getByLabel('By the user').inputValue()).toBe('User:1');
    await expect.poll(() => entries.count()).toBe(50);
    await page.getByLabel('On the object').fill('nonsense');
    await page.getByText('An id, as in File:1.').waitFor();
    await expectAccessible(page);
    expect(session.complaints).toEqual([]);
  });

  test('an owner adds a member by email, changes the role and removes the member', async () => {
    await using server = await startTestServer();
    const owner = await newPerson(server, 'Olga', { role: 'OWNER' });
    const { user } = (await ask(server, createUser, { input: { displayName: 'Bob', email: 'bob@example.com' } }))
      .createUser;
    await using session = await open(browser, server, '/Project:1/members', owner.key);
    const { page } = session;
    const add = async (email: string) => {
      await page.getByRole('button', { name: 'Add a member' }).click();
      await dialog(page).getByRole('textbox').fill(email);
      await confirm(page, 'Add');
    };
    await add('nobody@example.com');
    await dialog(page).getByRole('alert').waitFor();
    await confirm(page, 'Cancel');
    await add('bob@example.com');
    await record(page, 'Bob').getByText('bob@example.com').waitFor();
    const roles = async () => {
      const { project } = await ask<{ project: { members: { edges: { role: string; node: { id: string } }[] } } }>(
        server,
        '{ project(id: "Project:1") { members(first: 50) { edges { role node { id } } } } }',
      );
      return project.members.edges.find(({ node }) => node.id === user.id)?.role;
    };
    expect(await roles()).toBe('EDITOR');
    await page.getByLabel('Role of Bob').selectOption('VIEWER');
    await expect.poll(roles).toBe('VIEWER');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Remove Bob' }).click();
    await confirm(page, 'Remove');
    await expect.poll(() => record(page, 'Bob').count()).toBe(0);
    expect(await roles()).toBeUndefined();
    // Only administrators set quotas.
    await page.getByText('Size of all files').waitFor();
    expect(await page.getByRole('button', { name: 'Change the quota' }).count()).toBe(0);
    expect(session.complaints).toEqual([]);
  });

  test('an administrator sets the quota of a project and sees its use', async () => {
    await using server = await startTestServer();
    await using session = await open(browser, server, '/Project:1/members');
    const { page } = session;
    await page.getByRole('button', { name: 'Change the quota' }).click();
    await dialog(page).getByRole('textbox', { name: 'Size of all files' }).fill('a lot');
    await page.getByText('Write a size').waitFor();
    await dialog(page).getByRole('textbox', { name: 'Size of all files' }).fill('500 MiB');
    await dialog(page).getByRole('textbox', { name: 'Number of files' }).fill('1000');
    await confirm(page, 'Save');
    await page.getByText('of 500 MiB').waitFor();
    await page.getByText('of 1000').waitFor();
    await expectAccessible(page);
  });

  test('a share link and an upload token are created, shown once, used, and revoked', async () => {
    await using server = await startTestServer();
    await using session = await open(browser, server, '/Task:1/sharing');
    const { page } = session;
    await page.getByRole('button', { name: 'Create a share link' }).click();
    await dialog(page).getByRole('textbox', { name: 'Heading' }).fill('Plans');
    await dialog(page).getByLabel('Password', { exact: true }).fill('correct horse');
    await dialog(page).getByRole('textbox', { name: 'Number of downloads' }).fill('0');
    await page.getByText('Write a whole number').waitFor();
    await dialog(page).getByRole('textbox', { name: 'Number of downloads' }).fill('3');
    await expectAccessible(page);
    await confirm(page, 'Create');
    const url = (await dialog(page).locator('pre').textContent()) ?? '';
    await confirm(page, 'Done');
    await record(page, 'Plans').getByText('with a password').waitFor();
    await record(page, 'Plans').getByText('0 of 3 downloads').waitFor();
    const token = url.split('#')[1] as string;
    const share = () => fetchShare(server, token, 'correct horse');
    expect(await share()).toBeUndefined();
    await page.getByRole('button', { name: 'Revoke Plans' }).click();
    await confirm(page, 'Revoke');
    await record(page, 'Plans').getByText('Revoked', { exact: true }).waitFor();
    expect(await share()).toBe('UNAUTHENTICATED');

    await page.getByRole('button', { name: 'Create an upload token' }).click();
    await dialog(page).getByRole('textbox', { name: 'Number of files' }).fill('5');
    await dialog(page).getByRole('textbox', { name: 'Size of all files' }).fill('10 MiB');
    await dialog(page).getByRole('textbox', { name: 'Media types' }).fill('image/*, application/pdf');
    await confirm(page, 'Create');
    expect(await dialog(page).locator('pre').textContent()).toMatch(/^upt_/);
    await confirm(page, 'Done');
    await record(page, 'UploadToken:1').getByText('0 of 5 files, 0 B of 10 MiB').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: /Revoke.*UploadToken:1/ }).click();
    await confirm(page, 'Revoke');
    await record(page, 'UploadToken:1').getByText('Revoked', { exact: true }).waitFor();
    expect(session.complaints).toEqual([]);
  });

  test('an administrator sees and revokes what a user has shared; so does the user', async () => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
    await createShareLink(server, { name: 'Plans' }, bob.key);
    await createShareLink(server, { name: 'Drawings' }, bob.key);
    await createUploadToken(server, {}, bob.key);
    await using session = await open(browser, server, `/admin/users/${bob.id}`);
    const { page } = session;
    await record(page, 'Plans').getByText('Task:1').waitFor();
    await page.getByRole('button', { name: 'Revoke Plans' }).click();
    await confirm(page, 'Revoke');
    await record(page, 'Plans').getByText('Revoked', { exact: true }).waitFor();
    await page.getByRole('button', { name: /Revoke.*UploadToken:1/ }).click();
    await confirm(page, 'Revoke');
    await record(page, 'UploadToken:1').getByText('Revoked', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Create a share link' }).count()).toBe(0);
    await expectAccessible(page);
    expect(session.complaints).toEqual([]);
    await using own = await open(browser, server, '/account', bob.key);
    await own.page.getByRole('button', { name: 'Revoke Drawings' }).click();
    await confirm(own.page, 'Revoke');
    await record(own.page, 'Drawings').getByText('Revoked', { exact: true }).waitFor();
  });

  test('who may not administer sees no links to it, and is refused at the address', async () => {
    await using server = await startTestServer();
    const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
    await ask(server, createUser, { input: { displayName: 'Bob', email: 'bob@example.com' } });
    await using session = await open(browser, server, '/Project:1', viewer.key);
    const { page } = session;
    const go = (path: string) => goTo(page, path);
    await page.getByRole('link', { name: 'Account' }).waitFor();
    expect(await page.getByRole('link', { name: /Administration|Sharing/ }).count()).toBe(0);
    await go('/admin/users');
    await page.getByText('Only administrators may see this').waitFor();
    await go('/admin/audit');
    await page.getByText('Only administrators may see this').waitFor();
    await expectAccessible(page);
    await go('/Task:1/sharing');
    await page.getByText('but not share it').waitFor();
    await go('/Project:1/members');
    await record(page, 'Vera').getByText('Viewer').waitFor();
    expect(await page.getByRole('button', { name: /Add|Remove|Change/ }).count()).toBe(0);

    // One who is no member, and an administrator whose key does not permit administration.
    const stranger = await newPerson(server, 'Sam');
    await using second = await open(browser, server, '/Project:1/members', stranger.key);
    await second.page.getByText('does not exist, or you may not see it').waitFor();
    const admin = await newPerson(server, 'Anna', { isAdmin: true, scope: 'WRITE' });
    await using third = await open(browser, server, '/admin/users', admin.key);
    await third.page.getByText('sign in with a key that permits administration').waitFor();
  });

  test.each(['light', 'dark'] as const)(
    'at the width of a phone, %s, all views fit and are accessible',
    async (colorScheme) => {
      await using server = await startTestServer();
      await ask(server, createUser, { input: { displayName: `${'W'.repeat(120)}\u202Etxt.exe`, isService: true } });
      await ask(server, addProjectMember, { input: { projectId: 'Project:1', userId: 'User:2', role: 'VIEWER' } });
      await using session = await open(browser, server, '/account', server.key, { ...phone, colorScheme });
      const { page } = session;
      for (const path of ['/account', '/admin/users', '/admin/audit', '/Project:1/members', '/Task:1/sharing']) {
        await goTo(page, path);
        await page.getByRole('heading', { level: 2 }).waitFor();
        await expect.poll(() => page.getByLabel('Loading').count()).toBe(0);
        expect([path, await overflowOf(page)]).toEqual([path, 0]);
        await expectAccessible(page);
      }
      expect(session.complaints).toEqual([]);
    },
  );
});

/** The error code of reading a share, if any. */
async function fetchShare(server: TestServer, token: string, password: string): Promise<string | undefined> {
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'share-password': encodeURIComponent(password),
    },
    body: JSON.stringify({ query: '{ share { name } }' }),
  });
  return (await response.json()).errors?.[0].extensions.code;
}
