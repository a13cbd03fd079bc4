import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { remove, uploadFile } from '../support/files.ts';
import { addProjectMember, newPerson } from '../support/people.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { expectAccessible, launchBrowser, signIn, visit } from './visit.ts';

describe.skipIf(!isInstalled('Chromium'))('the audit log on the page', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('names users and objects while they exist, with their ids, and leads to them', async () => {
    await using server = await startTestServer();
    const bob = await newPerson(server, 'Bob <b>');
    await ask(server, addProjectMember, { input: { projectId: 'Project:1', userId: bob.id, role: 'EDITOR' } });
    const kept = await uploadFile(server, 'Comment:1', 'kept.txt');
    const gone = await uploadFile(server, 'Task:1', 'gone.txt');
    await remove(server, gone.id);
    await using session = await visit(browser, new URL('/#/admin/audit', server.url).href);
    const { page } = session;
    await signIn(page, server.key);
    const entry = (text: string) =>
      page.getByRole('list', { name: 'Audit log' }).getByRole('listitem').filter({ hasText: text });
    await entry(`created the user Bob <b> (${bob.id})`).waitFor();
    await entry('added a member to Website relaunch (Project:1)')
      .filter({ hasText: `userId: Bob <b> (${bob.id})` })
      .waitFor();
    await entry(`uploaded the file kept.txt (${kept.id})`)
      .filter({ hasText: 'on: Comment on Design the start page (Comment:1)' })
      .waitFor();
    const removal = entry(`removed the file ${gone.id}`);
    await removal.waitFor();
    expect(await removal.getByRole('link', { name: gone.id }).count()).toBe(0);
    await expectAccessible(page);
    await page.screenshot({ path: 'test-output/audit-names.png' });
    await entry('uploaded the file kept.txt').getByRole('link', { name: 'kept.txt' }).click();
    await page.getByRole('heading', { name: 'kept.txt' }).waitFor();
    expect(session.complaints).toEqual([]);
  });
});
