import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { EventHub } from '../../src/events/hub.ts';
import { uploadFile } from '../support/files.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import {
  answered,
  contentOf,
  enter,
  eventLines,
  openTab,
  panel,
  polling,
  run,
  typeOperation,
  variables,
} from './explorer.ts';
import { launchBrowser, visit } from './visit.ts';

const subscribe = vi.spyOn(EventHub.prototype, 'subscribe');
beforeEach(() => void subscribe.mockClear());

const open = (subscriptions = subscribe.mock.contexts) => (subscriptions[0] as EventHub | undefined)?.size ?? 0;

describe.runIf(isInstalled('Chromium'))('GraphiQL', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('requires an API key, and takes files for the variables of an operation that was typed by hand', async () => {
    await using server = await startTestServer();
    await using at = await visit(browser, server.graphqlUrl);
    const { page } = at;
    await page.getByRole('textbox', { name: 'API key' }).waitFor();
    expect(await page.getByRole('main').textContent()).toContain('The first start of the server prints');
    expect(await page.getByRole('tab').count()).toBe(0);
    expect(await page.title()).toBe('GraphiQL · Attaché');
    await enter(page, server.key);
    await run(page);
    await answered(page, '"title": "Design the start page"');

    await typeOperation(
      page,
      'mutation ($f: [Upload!]!) { uploadTaskFiles(input: { taskId: "Task:1", files: $f }) { filesCount files { name url(expiresIn: 60) } } }',
    );
    const files = panel(page, 'Files');
    await files.getByText('$f').waitFor();
    await files.locator('input[type=file]').setInputFiles([
      { name: 'one.txt', mimeType: 'text/plain', buffer: Buffer.from('the first') },
      { name: 'two.txt', mimeType: 'text/plain', buffer: Buffer.from('the second') },
    ]);
    await expect.poll(() => variables(page), polling).toBe('{"f":[null,null]}');
    await run(page);
    await answered(page, '"filesCount": 2');
    await answered(page, '"name": "two.txt"');
    await files.getByRole('status').getByText('The server has answered.').waitFor();
    expect(await contentOf(page, 'two.txt')).toBe('the second');
    expect(at).toMatchObject({ foreign: [], complaints: [] });
  });

  test('lists the events of a subscription, until Stop ends it', async () => {
    await using server = await startTestServer();
    await using at = await visit(browser, server.graphqlUrl);
    const { page } = at;
    await enter(page, server.key);
    await openTab(page, 'NewFiles');
    await run(page);
    await panel(page, 'Events').getByText('listening').waitFor();
    await expect.poll(() => open(), polling).toBe(1);
    for (const name of ['one.txt', 'two.txt', 'three.txt']) await uploadFile(server, 'Task:1', name);
    await expect.poll(() => eventLines(page).count(), polling).toBe(3);
    expect((await eventLines(page).allTextContents()).map((line) => /"name":"(.*?)"/.exec(line)?.[1])).toEqual([
      'one.txt',
      'two.txt',
      'three.txt',
    ]);
    await answered(page, '"name": "three.txt"');
    await panel(page, 'Events').getByRole('status').getByText('Events: 3').waitFor();

    await panel(page, 'Events').getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => open(), polling).toBe(0);
    await panel(page, 'Events').getByText('stopped').waitFor();
    await panel(page, 'Events').getByRole('button', { name: 'Clear' }).click();
    expect(await eventLines(page).count()).toBe(0);
    expect(at).toMatchObject({ foreign: [], complaints: [] });
  });
});
