import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startProxy } from '../../scripts/support/proxy.ts';
import { EventHub } from '../../src/events/hub.ts';
import { uploadFile } from '../support/files.ts';
import { startPathProxy } from '../support/path-proxy.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import {
  answered,
  contentOf,
  drop,
  enter,
  eventLines,
  executeButton,
  expectOwnPartsAccessible,
  limitUploads,
  loaded,
  openExample,
  openTab,
  panel,
  polling,
  run,
  runUntilAnswered,
  stop,
  typeOperation,
  variables,
} from './explorer.ts';
import { launchBrowser, visit } from './visit.ts';

const subscribe = vi.spyOn(EventHub.prototype, 'subscribe');
beforeEach(() => void subscribe.mockClear());

/** How many subscriptions are open. */
const subscribers = () => (subscribe.mock.contexts[0] as EventHub | undefined)?.size ?? 0;

const textFile = (name: string, content = name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });

/** A screenshot to look at, which git ignores. */
const screenshot = (page: Page, name: string) => page.screenshot({ path: `test-output/graphiql/${name}.png` });

describe.runIf(isInstalled('Chromium'))('GraphiQL', () => {
  let browser: Browser;
  beforeAll(async () => {
    await rm('test-output/graphiql', { recursive: true, force: true });
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  describe('credentials', () => {
    test('a wrong key is rejected with a reason, and the right one is accepted after it', async () => {
      await using server = await startTestServer();
      await using at = await visit(browser, server.graphqlUrl);
      await at.page.getByRole('textbox', { name: 'API key' }).fill('not-the-key');
      await at.page.getByRole('button', { name: 'Sign in' }).click();
      await expect.poll(() => at.page.getByRole('alert').textContent(), polling).toContain('does not know this key');
      await enter(at.page, `Bearer ${server.key}`);
      await at.page.getByRole('tab', { name: 'Workspace' }).waitFor();
      expect(at.complaints).toEqual([expect.stringContaining('401 (Unauthorized)')]);
    });

    test('the key is kept for the browser tab: it survives a reload, and is in neither the URL nor localStorage', async () => {
      await using server = await startTestServer();
      await using at = await visit(browser, server.graphqlUrl);
      const { page } = at;
      await enter(page, server.key);
      await openTab(page, 'NewFiles');
      await openTab(page, 'Workspace');
      // GraphiQL stores the active tab with a delay. An earlier reload would show the other tab.
      const keptTab = () => page.evaluate(() => localStorage.getItem('attache / graphiql User:1 graphiql:tabState'));
      await expect.poll(keptTab, polling).toContain('"activeTabIndex":0');
      await page.reload();
      await openTab(page, 'Workspace');
      await runUntilAnswered(page, '"displayName": "Administrator"');
      expect(await page.getByRole('tab').count()).toBe(2);
      expect(page.url()).toBe(server.graphqlUrl);
      expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(server.key);

      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('textbox', { name: 'API key' }).waitFor();
      expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
      await enter(page, server.key);
      await runUntilAnswered(page, '"displayName": "Administrator"');
    });

    test('the key is kept on request, and for the page at / as well', async () => {
      await using server = await startTestServer();
      await using at = await visit(browser, server.graphqlUrl);
      await at.page.getByRole('checkbox', { name: 'Keep me signed in on this device' }).check();
      await enter(at.page, server.key);
      const another = await at.page.context().newPage();
      await another.goto(server.url);
      await another.getByRole('button', { name: 'Sign out' }).waitFor();
      await another.goto(server.graphqlUrl);
      await loaded(another);
      await another.getByRole('button', { name: 'Sign out' }).click();
      await another.getByRole('textbox', { name: 'API key' }).waitFor();
      expect(
        await another.evaluate(() => Object.keys(localStorage).filter((name) => name.includes('credentials'))),
      ).toEqual([]);
    });
  });

  describe('files', () => {
    test('are chosen and dropped for a list within an input object, removed, and sent', async () => {
      await using server = await startTestServer();
      await using at = await visit(browser, server.graphqlUrl);
      const { page } = at;
      await enter(page, server.key);
      await openExample(page, 'Uploading', 'Upload to a task');
      const files = panel(page, 'Files');
      await files.getByText('$input.files').waitFor();
      await files.locator('input[type=file]').setInputFiles([textFile('one.txt'), textFile('two.txt')]);
      await drop(page, 'three.txt');
      await files.getByText('three.txt').waitFor();
      await files.getByRole('button', { name: 'Remove one.txt' }).click();
      await expect.poll(() => variables(page), polling).toBe('{"input":{"taskId":"Task:1","files":[null,null]}}');
      await expect.poll(() => page.locator('.graphiql-editor-tool .squiggly-error').count(), polling).toBe(0);
      await screenshot(page, 'files');
      await run(page);
      await answered(page, '"filesCount": 2');
      expect(await contentOf(page, 'three.txt')).toBe('three.txt');

      await openTab(page, 'Workspace');
      await expect.poll(() => files.count(), polling).toBe(0);
      expect(at).toMatchObject({ foreign: [], complaints: [] });
    });

    test('show how far their upload is, until Stop ends it; nothing is stored', async () => {
      await using server = await startTestServer();
      await using at = await visit(browser, server.graphqlUrl);
      const { page } = at;
      await enter(page, server.key);
      await openExample(page, 'Uploading', 'Upload to a task');
      const files = panel(page, 'Files');
      const large = { ...textFile('large.bin'), buffer: Buffer.alloc(20 * 1024 * 1024, 'a') };
      await files.locator('input[type=file]').setInputFiles(large);
      await limitUploads(page, 2 * 1024 * 1024);
      await run(page);
      await expect
        .poll(
          () =>
            files.getByRole('progressbar', { name: 'Upload' }).evaluate((bar) => (bar as HTMLProgressElement).position),
          polling,
        )
        .toBeGreaterThan(0.1);
      await files.getByText('of 20 MiB').waitFor();
      await screenshot(page, 'progress');
      await files.getByRole('button', { name: 'Stop' }).click();
      await files.getByRole('status').getByText('The upload was stopped.').waitFor();
      await limitUploads(page, -1);
      await expect.poll(async () => (await server.stored()).staging.length, polling).toBe(0);
      expect((await server.stored()).blobs).toEqual([]);

      await run(page);
      await answered(page, '"filesCount": 1');
    });

    test('that the server refuses are explained, and so is a lost connection', async () => {
      await using server = await startTestServer({ MAX_FILE_SIZE: '1000' });
      await using at = await visit(browser, server.graphqlUrl);
      const { page } = at;
      await enter(page, server.key);
      await openExample(page, 'Uploading', 'Upload to a task');
      await panel(page, 'Files')
        .locator('input[type=file]')
        .setInputFiles([textFile('long.txt', 'a'.repeat(2000))]);
      await run(page);
      await answered(page, '"code": "PAYLOAD_TOO_LARGE"');
      await page.context().setOffline(true);
      await run(page);
      await panel(page, 'Files').getByRole('status').getByText('The connection was lost').waitFor();
      await answered(page, 'The connection was lost during the upload.');
    });
  });

  describe('subscriptions', () => {
    test('continue after a lost connection, and miss nothing', async () => {
      await using server = await startTestServer();
      await using proxy = await startProxy(Number(new URL(server.url).port));
      await using at = await visit(browser, `http://127.0.0.1:${proxy.port}/graphql`);
      const { page } = at;
      await enter(page, server.key);
      await openTab(page, 'NewFiles');
      await run(page);
      await panel(page, 'Events').getByText('listening').waitFor();
      await uploadFile(server, 'Task:1', 'one.txt');
      await expect.poll(() => eventLines(page).count(), polling).toBe(1);
      const cutting = setInterval(() => proxy.cut(1), 20);
      await panel(page, 'Events').getByText('It continues after the last event.').waitFor();
      await uploadFile(server, 'Task:1', 'two.txt');
      await uploadFile(server, 'Task:1', 'three.txt');
      clearInterval(cutting);
      await expect.poll(() => eventLines(page).count(), polling).toBe(3);
      await panel(page, 'Events').getByText('listening').waitFor();
      const names = (await eventLines(page).allTextContents()).map((line) => /"name":"(.*?)"/.exec(line)?.[1]);
      expect(names).toEqual(['one.txt', 'two.txt', 'three.txt']);
    });

    test('end with the button of GraphiQL, with an error of the server, signing out, and the browser tab', async () => {
      await using server = await startTestServer();
      await using at = await visit(browser, server.graphqlUrl);
      const { page } = at;
      await enter(page, server.key);
      await openTab(page, 'NewFiles');
      await run(page);
      await expect.poll(subscribers, polling).toBe(1);
      await stop(page);
      await expect.poll(subscribers, polling).toBe(0);

      await typeOperation(page, 'subscription { fileAdded(on: "Task:99") { at } }');
      await run(page);
      await answered(page, '"code": "NOT_FOUND"');
      await panel(page, 'Events').getByText('ended by the server').waitFor();
      await executeButton(page).waitFor();

      await openTab(page, 'NewFiles');
      await run(page);
      await expect.poll(subscribers, polling).toBe(1);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await expect.poll(subscribers, polling).toBe(0);

      await enter(page, server.key);
      await openTab(page, 'NewFiles');
      await run(page);
      await expect.poll(subscribers, polling).toBe(1);
      await page.close();
      await expect.poll(subscribers, polling).toBe(0);
    });

    test('show names as text, with invisible characters as escapes', async () => {
      await using server = await startTestServer();
      await using at = await visit(browser, server.graphqlUrl);
      const { page } = at;
      await enter(page, server.key);
      await openTab(page, 'NewFiles');
      await run(page);
      await panel(page, 'Events').getByText('listening').waitFor();
      const hostile = '<img src=x onerror=alert(1)>\u202egpj.txt';
      await uploadFile(server, 'Task:1', hostile);
      await eventLines(page).first().click();
      const details = page.getByRole('log', { name: 'Events' }).locator('pre');
      await details.getByRole('link').first().waitFor();
      expect(await details.textContent()).not.toContain('\u202e');
      expect(await page.locator('img[src="x"]').count()).toBe(0);
      await panel(page, 'Links').getByRole('link').first().waitFor();
      expect(at).toMatchObject({ foreign: [], complaints: [] });
    });
  });

  describe('operations', () => {
    test('are saved in this browser, opened after a reload, and deleted', async () => {
      await using server = await startTestServer();
      await using at = await visit(browser, server.graphqlUrl);
      const { page } = at;
      await enter(page, server.key);
      await page.getByRole('button', { name: 'Show Saved operations' }).click();
      await page.getByRole('textbox', { name: 'Name of the operation' }).fill('My list');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('button', { name: 'My list', exact: true }).waitFor();
      await screenshot(page, 'saved');
      await page.reload();
      await page.getByRole('button', { name: 'My list', exact: true }).click();
      await expect.poll(() => page.getByRole('tab').count(), polling).toBe(3);
      await runUntilAnswered(page, '"displayName": "Administrator"');
      await page.getByRole('button', { name: 'Delete My list' }).click();
      await page.getByText('What you save stays in this browser').waitFor();
    });

    test('are in the history after they have run', async () => {
      await using server = await startTestServer();
      await using at = await visit(browser, server.graphqlUrl);
      await enter(at.page, server.key);
      await run(at.page);
      await answered(at.page, '"displayName": "Administrator"');
      await at.page.getByRole('button', { name: 'Show History' }).click();
      const history = at.page.getByRole('region', { name: 'History' });
      await history.getByText('Workspace').waitFor();
      await history.getByRole('button', { name: 'Add favorite' }).click();
      await history.getByRole('button', { name: 'Remove favorite' }).waitFor();
      expect(at).toMatchObject({ foreign: [], complaints: [] });
    });
  });

  test('signed links open from the list and from the response; links that need a key say so', async () => {
    await using server = await startTestServer();
    await uploadFile(server, 'Task:1', { name: 'notes.txt', content: 'the notes' });
    await using at = await visit(browser, server.graphqlUrl);
    const { page } = at;
    await enter(page, server.key);
    await typeOperation(page, '{ file(id: "File:1") { name url(expiresIn: 60) plainUrl: url } }');
    await run(page);
    expect(await contentOf(page, 'notes.txt')).toBe('the notes');
    await panel(page, 'Links').getByText('opens only with a key').waitFor();
    const opened = page.context().waitForEvent('page');
    // The lines of the editor are not in the order of the document.
    await page
      .locator('.result-window .view-line', { hasText: '"url":' })
      .locator('.detected-link')
      .first()
      .click({ modifiers: ['ControlOrMeta'] });
    expect((await opened).url()).toMatch(/\/files\/1\/content\?token=|about:blank/);
  });

  test('works below the path of a proxy', async () => {
    await using proxy = await startPathProxy('/deep/attache');
    await using server = await startTestServer({ PUBLIC_URL: `${proxy.url}/` });
    proxy.target = server.url;
    await using at = await visit(browser, `${proxy.url}/graphql`);
    await enter(at.page, server.key);
    await run(at.page);
    await answered(at.page, '"displayName": "Administrator"');
    expect(at).toMatchObject({ foreign: [], complaints: [] });
  });

  test('an injected script is blocked by the Content Security Policy', async () => {
    await using server = await startTestServer();
    await using at = await visit(browser, server.graphqlUrl);
    const hasRun = await at.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "taken over"';
      document.body.append(script);
      return document.title === 'taken over';
    });
    expect(hasRun).toBe(false);
    expect(at.complaints).toEqual([expect.stringContaining('Content Security Policy')]);
  });

  test.each([
    ['wide and light', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
    ['wide and dark', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }],
    ['a phone', { viewport: { width: 360, height: 740 }, hasTouch: true, colorScheme: 'light' }],
    ['a phone, dark', { viewport: { width: 360, height: 740 }, hasTouch: true, colorScheme: 'dark' }],
  ] as const)('is usable and accessible: %s', async (name, options) => {
    await using server = await startTestServer();
    await using at = await visit(browser, server.graphqlUrl, options);
    const { page } = at;
    await expectOwnPartsAccessible(page);
    await enter(page, server.key);
    await openTab(page, 'NewFiles');
    await run(page);
    await panel(page, 'Events').getByText('listening').waitFor();
    for (const file of ['one.txt', 'two.txt', 'three.txt']) await uploadFile(server, 'Task:1', file);
    await expect.poll(() => eventLines(page).count(), polling).toBe(3);
    await eventLines(page).last().click();
    await screenshot(page, `${name}, events`);
    await expectOwnPartsAccessible(page);
    await panel(page, 'Events').getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Show Examples' }).click();
    await page.getByRole('heading', { name: 'Examples' }).waitFor();
    await screenshot(page, `${name}, examples`);
    await expectOwnPartsAccessible(page);
    await openExample(page, 'Uploading', 'Upload to a task');
    await panel(page, 'Files')
      .locator('input[type=file]')
      .setInputFiles([textFile('one.txt'), textFile('a long name '.repeat(9))]);
    await run(page);
    await answered(page, '"filesCount"');
    await page.screenshot({ path: `test-output/graphiql/${name}, files.png`, fullPage: true });
    await expectOwnPartsAccessible(page);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    expect(at).toMatchObject({ foreign: [], complaints: [] });
  });
});
