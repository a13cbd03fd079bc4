import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { EventHub } from '../../../src/events/hub.ts';
import { executeWithFiles } from '../../support/client.ts';
import { uploadTaskFilesDocument } from '../../support/documents.ts';
import { testInFull } from '../../support/length.ts';
import { chromiumPath, isInstalled } from '../../support/programs.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

/** A test gives up after this time. No behaviour depends on it. */
const polling = { timeout: 40_000 };

let browser: Browser;
beforeAll(async () => {
  if (!chromiumPath) return;
  const disabled = ['background-networking', 'component-update', 'sync', 'gpu', 'quic'].map(
    (name) => `--disable-${name}`,
  );
  browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--headless', '--no-sandbox', '--no-first-run', ...disabled],
  });
});
afterAll(() => browser?.close());

/** The page in a new browser session, with its requests to other hosts and its console errors. */
interface Visit extends AsyncDisposable {
  page: Page;
  foreign: string[];
  complaints: string[];
}

async function visit(server: TestServer): Promise<Visit> {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(polling.timeout);
  const foreign: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:' && origin !== server.url) foreign.push(request.url());
  });
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  await page.goto(server.graphqlUrl);
  return { page, foreign, complaints, [Symbol.asyncDispose]: () => context.close() };
}

async function enter(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Open GraphiQL' }).click();
}

const executeButton = (page: Page) => page.getByRole('button', { name: /^Execute query/ });
const run = (page: Page) => executeButton(page).click();
const stop = (page: Page) => page.getByRole('button', { name: /^Stop query/ }).click();
const openTab = (page: Page, name: string) => page.getByRole('tab', { name }).click();

/**
 * Waits until the response contains the text. The editor renders its own kind of spaces, which
 * Playwright treats as spaces.
 */
const answered = (page: Page, text: string) =>
  page.locator('.graphiql-response .view-line', { hasText: text }).waitFor();

/**
 * Runs the query of the open tab until the response contains the text: a run right after a reload
 * may be early.
 */
const runUntilAnswered = (page: Page, text: string) =>
  vi.waitFor(async () => {
    if (await executeButton(page).isVisible()) await run(page);
    await page.locator('.graphiql-response .view-line', { hasText: text }).waitFor({ timeout: 2000 });
  }, polling);

const subscribe = vi.spyOn(EventHub.prototype, 'subscribe');
beforeEach(() => void subscribe.mockClear());

/**
 * Runs the example subscription until it is open, and returns its hub. GraphiQL takes a moment to
 * read a newly opened tab, and until then runs the content of the previous one.
 */
async function listen(page: Page): Promise<EventHub> {
  await page.getByRole('tab', { name: 'Listen' }).click();
  return vi.waitFor(
    async () => {
      if (await executeButton(page).isVisible()) await run(page);
      const [hub] = subscribe.mock.contexts;
      if (!hub) throw new Error('Nobody listens.');
      return hub as EventHub;
    },
    { ...polling, interval: 300 },
  );
}

describe.runIf(isInstalled('Chromium'))('the GraphiQL page', () => {
  test('asks for an API key before anything else, and says where to find one', async () => {
    await using server = await startTestServer();
    await using at = await visit(server);
    await at.page.getByLabel('API key').waitFor();
    expect(await at.page.getByRole('main').textContent()).toContain('The first start of the server prints');
    expect(await at.page.getByRole('tab').count()).toBe(0);
    expect(at).toMatchObject({ foreign: [], complaints: [] });
  });

  testInFull('rejects a wrong key with a reason, and accepts the right one after it', async () => {
    await using server = await startTestServer();
    await using at = await visit(server);
    await enter(at.page, 'not-the-key');
    await expect.poll(() => at.page.getByRole('alert').textContent(), polling).toContain('does not know this key');
    await enter(at.page, `Bearer ${server.key}`);
    await at.page.getByRole('tab', { name: 'Workspace' }).waitFor();
    expect(at.complaints).toEqual([expect.stringContaining('401 (Unauthorized)')]);
  });

  test('runs the example query on the demo workspace, and loads the documentation', async () => {
    await using server = await startTestServer();
    await using at = await visit(server);
    await enter(at.page, server.key);
    await run(at.page);
    await answered(at.page, '"displayName": "Administrator"');
    await answered(at.page, '"title": "Design the start page"');
    await at.page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await at.page.getByRole('link', { name: 'UploadTaskFilesPayload', exact: true }).waitFor();
    expect(at).toMatchObject({ foreign: [], complaints: [] });
  });

  testInFull(
    'stores the key for the browser tab: it survives a reload, and is in neither the URL nor localStorage',
    async () => {
      await using server = await startTestServer();
      await using at = await visit(server);
      await enter(at.page, server.key);
      await openTab(at.page, 'Listen');
      await openTab(at.page, 'Workspace');
      // GraphiQL stores the active tab with a delay. An earlier reload would show the other tab.
      const keptTab = () => at.page.evaluate(() => localStorage.getItem('attache:graphiql:tabState'));
      await expect.poll(keptTab, polling).toContain('"activeTabIndex":0');
      await at.page.reload();
      await openTab(at.page, 'Workspace');
      await runUntilAnswered(at.page, '"displayName": "Administrator"');
      expect(await at.page.getByRole('tab').count()).toBe(2);
      expect(at.page.url()).toBe(server.graphqlUrl);
      expect(await at.page.evaluate(() => JSON.stringify(localStorage))).not.toContain(server.key);

      await at.page.getByRole('button', { name: 'Change key' }).click();
      await at.page.getByLabel('API key').waitFor();
      expect(await at.page.evaluate(() => sessionStorage.length)).toBe(0);
    },
  );

  testInFull('shows files as they are uploaded, until Stop ends the subscription', async () => {
    await using server = await startTestServer();
    await using at = await visit(server);
    await enter(at.page, server.key);
    const hub = await listen(at.page);
    await expect.poll(() => hub.size, polling).toBe(1);

    await executeWithFiles(server, uploadTaskFilesDocument, { taskId: 'Task:1' }, [
      { name: 'sketch.txt', content: 'a sketch' },
    ]);
    await answered(at.page, '"name": "sketch.txt"');
    await at.page
      .locator('input[type=file]')
      .setInputFiles({ name: 'photo.txt', mimeType: 'text/plain', buffer: Buffer.from('by the button above') });
    await answered(at.page, '"name": "photo.txt"');
    await expect.poll(() => at.page.getByRole('status').textContent(), polling).toBe('Files of Task:1: 2');

    await stop(at.page);
    await expect.poll(() => hub.size, polling).toBe(0);
    expect(at).toMatchObject({ foreign: [], complaints: [] });
  });

  testInFull('ends its subscription when the browser tab is closed', async () => {
    await using server = await startTestServer();
    await using at = await visit(server);
    await enter(at.page, server.key);
    const hub = await listen(at.page);
    await at.page.close();
    await expect.poll(() => hub.size, polling).toBe(0);
  });

  testInFull('blocks an injected script by its Content Security Policy', async () => {
    await using server = await startTestServer();
    await using at = await visit(server);
    const hasRun = await at.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "taken over"';
      document.body.append(script);
      return document.title === 'taken over';
    });
    expect(hasRun).toBe(false);
    expect(at.complaints).toEqual([expect.stringContaining('Content Security Policy')]);
  });
});
