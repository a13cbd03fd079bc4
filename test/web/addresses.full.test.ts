import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { expectAccessible, launchBrowser, signIn, visit } from './visit.ts';

const hash = (page: Page) => page.evaluate(() => location.hash);

async function createProjects(server: Parameters<typeof ask>[0], titles: string[]): Promise<void> {
  for (const title of titles)
    await ask(server, 'mutation ($title: String!) { createProject(input: { title: $title }) { project { id } } }', {
      title,
    });
}

describe.skipIf(!isInstalled('Chromium'))('addresses of the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('a search is in the address: after a reload, with Back and in a shared link it is the same', async () => {
    await using server = await startTestServer();
    await createProjects(server, ['Garden & house', 'Garage', 'Kitchen']);
    await using session = await visit(browser, `${server.url}/#/contacts`);
    const { page } = session;
    await signIn(page, server.key);
    await page.getByRole('link', { name: 'Projects' }).click();
    const search = page.getByRole('searchbox', { name: 'Search projects' });
    await search.pressSequentially('garden & h', { delay: 320 });
    await page.getByRole('link', { name: 'Kitchen' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Garden & house' }).waitFor();
    await expect.poll(() => hash(page)).toBe('#/projects?title=garden+%26+h');

    await page.reload();
    await page.getByRole('link', { name: 'Garden & house' }).waitFor();
    expect([await search.inputValue(), await page.getByRole('link', { name: 'Kitchen' }).count()]).toEqual([
      'garden & h',
      0,
    ]);
    await page.getByRole('link', { name: 'Garden & house' }).click();
    await page.getByRole('heading', { name: 'Garden & house' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Garden & house' }).waitFor();
    expect([await search.inputValue(), await page.getByRole('link', { name: 'Kitchen' }).count()]).toEqual([
      'garden & h',
      0,
    ]);
    // Once, however many letters were typed.
    await page.goBack();
    await page.getByRole('heading', { name: 'Contacts' }).waitFor();
    await page.goForward();
    await expect.poll(() => search.inputValue()).toBe('garden & h');
    // The link to the list is to all of it.
    await page.getByRole('link', { name: 'Projects' }).click();
    await page.getByRole('link', { name: 'Kitchen' }).waitFor();
    expect(await search.inputValue()).toBe('');
    expect(session.complaints).toEqual([]);
  });

  test('what is typed in one list is not searched in the next, and tasks have their own search', async () => {
    await using server = await startTestServer();
    await using session = await visit(browser, `${server.url}/#/contacts`);
    const { page } = session;
    await signIn(page, server.key);
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor();
    await page.getByRole('searchbox').fill('ada');
    await page.getByRole('link', { name: 'Opportunities' }).click();
    await page.getByRole('heading', { name: 'Opportunities' }).waitFor();
    await page.waitForTimeout(400);
    expect([await hash(page), await page.getByRole('searchbox').inputValue()]).toEqual(['#/opportunities', '']);

    await page.goto(`${server.url}/#/Project:1?task=start&tasks=open&name=plan&order=name`);
    await expect.poll(() => page.getByRole('searchbox', { name: 'Search tasks' }).inputValue()).toBe('start');
    expect(await page.getByLabel('State of the tasks').inputValue()).toBe('open');
    expect(await page.getByRole('searchbox', { name: 'Search file names' }).inputValue()).toBe('plan');
    expect(await page.getByLabel('Order').inputValue()).toBe('name');
    await page.getByRole('link', { name: 'Design the start page' }).waitFor();
    await page.getByLabel('State of the tasks').selectOption('closed');
    await page.getByText('Nothing found.').waitFor();
    expect(await hash(page)).toBe('#/Project:1?task=start&tasks=closed&name=plan&order=name');

    // Whatever an address says, the view is shown.
    await page.goto(`${server.url}/#/admin/audit?from=yesterday&action=NONSENSE&actor=%00`);
    await page.getByRole('list', { name: 'Audit log' }).waitFor();
    await expectAccessible(page);
    await page.goto(`${server.url}/#/admin/users?kind=service`);
    await page.getByText('No such users.').waitFor();
    expect(session.complaints).toEqual([]);
  });

  test('an address at which there is nothing says so, and has a link home', async () => {
    await using server = await startTestServer();
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, server.key);
    for (const address of [
      'nonsense',
      'Task:abc',
      'Task:999999',
      'Task:99999999999999999999',
      'File:999999',
      'File:x',
      'User:1',
      'Project:999999/members',
      'Task:999999/sharing',
      'no/such/view',
      'admin/nonsense',
      'admin/users/User:999999',
      '%E0%A4%A',
    ]) {
      await page.goto('about:blank');
      await page.goto(`${server.url}/#/${address}`);
      await page.getByRole('heading', { name: 'Not found' }).waitFor();
      expect([address, await page.getByRole('button', { name: 'Try again' }).count()]).toEqual([address, 0]);
      if (['nonsense', 'Task:999999'].includes(address)) await expectAccessible(page);
    }
    await page.getByRole('link', { name: 'Go to the projects' }).click();
    await page.getByRole('link', { name: 'Website relaunch' }).waitFor();
    expect(session.complaints).toEqual([]);
  });
});
