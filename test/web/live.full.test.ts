import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProxy } from '../../scripts/support/proxy.ts';
import { list, remove, update, uploadFile, uploadFiles } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { watchTask } from './upload-page.ts';
import { launchBrowser, rowOf } from './visit.ts';

describe.skipIf(!isInstalled('Chromium'))('lists on the page that follow events', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('a page of a list does not bring back what was removed while it was awaited', async () => {
    await using server = await startTestServer({ MAX_FILES: '60' });
    const { files } = await uploadFiles(
      server,
      'Task:1',
      Array.from({ length: 60 }, (_, index) => `${index}.txt`),
    );
    await using watcher = await watchTask(browser, server.url, server.key);
    const { page, events } = watcher;
    const answered = Promise.withResolvers<void>();
    const removed = Promise.withResolvers<void>();
    await page.route('**/graphql', async (route) => {
      const response = await route.fetch();
      answered.resolve();
      await removed.promise;
      await route.fulfill({ response });
    });
    await page.getByRole('button', { name: 'Show more' }).click();
    await answered.promise;
    await remove(server, files[3]?.id ?? '');
    await update(server, { fileId: files[4]?.id ?? '', name: 'renamed.txt' });
    await expect.poll(() => events.length).toBe(2);
    await pause(500);
    removed.resolve();
    await rowOf(page, '0.txt').waitFor();
    await rowOf(page, 'renamed.txt').waitFor();
    expect(await rowOf(page, '3.txt').count()).toBe(0);
    expect(await page.locator('tr[data-file]').count()).toBe(59);
  });

  test('a list misses nothing of what others do while the network is cut', async () => {
    await using server = await startTestServer();
    await using proxy = await startProxy(Number(new URL(server.url).port));
    const ada = await newPerson(server, 'Ada', { role: 'EDITOR' });
    const { files } = await uploadFiles(server, 'Task:1', ['old.txt', 'renamed.txt', 'removed.txt', 'versioned.txt']);
    const [, renamed, removed, versioned] = files.map(({ id }) => id) as [string, string, string, string];
    await using watcher = await watchTask(browser, `http://127.0.0.1:${proxy.port}`, server.key);
    const { page, events } = watcher;
    await page.getByRole('checkbox', { name: 'Select old.txt' }).check();
    const cutting = setInterval(() => proxy.cut(1), 20);
    await page.getByText('Reconnecting').waitFor();
    await update(server, { fileId: renamed, name: 'new-name.txt' }, ada.key);
    await remove(server, removed, false, ada.key);
    await uploadFile(server, 'Task:1', { name: 'versioned.txt', content: 'two' }, { parentId: versioned }, ada.key);
    for (let index = 0; index < 30; index++) await uploadFile(server, 'Task:1', `during-${index}.txt`, {}, ada.key);
    clearInterval(cutting);
    await page.getByText('nothing was missed').waitFor();
    const expected = (await list(server, 'Task:1', 'first: 100, orderBy: { field: CREATED_AT, direction: DESC }'))
      .edges;
    await expect
      .poll(() =>
        page.getByRole('region', { name: 'Files' }).locator('tr[data-file]').getByRole('link').allTextContents(),
      )
      .toEqual(expected.map(({ node }) => node.name));
    expect(expected).toHaveLength(33);
    expect(events).toHaveLength(33);
    expect(await page.getByRole('checkbox', { name: 'Select old.txt' }).isChecked()).toBe(true);
    await page.getByText(/Ada\W uploaded 30 files/).waitFor();
    await page.screenshot({ path: 'test-output/live.png' });
  });
});
