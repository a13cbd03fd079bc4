import type { Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { expectAccessible, signIn } from './visit.ts';

/** Actions in GraphiQL, for the tests of it. */

/** A test gives up after this time. No behaviour depends on it. */
export const polling = { timeout: 40_000 };

export const executeButton = (page: Page) => page.getByRole('button', { name: /^Execute query/ });
export const run = (page: Page) => executeButton(page).click();
export const stop = (page: Page) => page.getByRole('button', { name: /^Stop query/ }).click();
export const openTab = (page: Page, name: string) => page.getByRole('tab', { name }).click();
export const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/**
 * Signs in, and waits until GraphiQL has read the schema: before, it knows no types of variables.
 */
export async function enter(page: Page, key: string): Promise<void> {
  await signIn(page, key);
  await loaded(page);
}

export async function loaded(page: Page): Promise<void> {
  await page.locator('.graphiql-editors .view-line').first().waitFor();
  await page.getByRole('button', { name: 'Re-fetch GraphQL schema', disabled: false }).waitFor();
}

/** The content of an editor: of the page are only the lines that are in view. */
const contentOfEditor = (page: Page, file: string): Promise<string> =>
  page.evaluate((name) => {
    type Model = { uri: { path: string }; getValue(): string };
    const { __MONACO } = globalThis as unknown as { __MONACO: { editor: { getModels(): Model[] } } };
    const model = __MONACO.editor.getModels().find(({ uri }) => uri.path.endsWith(name));
    return model?.getValue() ?? '';
  }, file);

/** Waits until the response contains the text. */
export const answered = (page: Page, text: string): Promise<void> =>
  expect.poll(() => contentOfEditor(page, 'response.json'), polling).toContain(text);

/**
 * Runs the operation of the open tab until the response contains the text: a run right after a
 * reload may be early.
 */
export const runUntilAnswered = (page: Page, text: string): Promise<void> =>
  vi.waitFor(async () => {
    if (await executeButton(page).isVisible()) await run(page);
    const response = () => contentOfEditor(page, 'response.json');
    await expect.poll(response, { timeout: 2000 }).toContain(text);
  }, polling);

/** Types an operation into a new tab, key by key. The editor adds closing brackets itself. */
export async function typeOperation(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: 'New tab' }).click();
  await page.locator('.graphiql-query-editor .monaco-editor').first().click();
  await page.keyboard.type(text);
}

/** The content of the Variables editor, without spaces. */
export const variables = async (page: Page): Promise<string> =>
  (await contentOfEditor(page, 'variables.json')).replace(/\s/g, '');

export async function openExample(page: Page, topic: string, title: string): Promise<void> {
  const heading = page.getByRole('heading', { name: 'Examples' });
  if (!(await heading.isVisible())) await page.getByRole('button', { name: 'Show Examples' }).click();
  const button = page.getByRole('button', { name: title, exact: true });
  if (!(await button.isVisible())) await page.getByText(topic, { exact: true }).click();
  await button.click();
  await expect.poll(() => page.getByRole('tab').count(), polling).toBeGreaterThan(2);
}

/** The events that the panel lists, each as one line. */
export const eventLines = (page: Page) => page.getByRole('log', { name: 'Events' }).locator('summary');

/** What a link of the panel Links leads to, without a key. */
export async function contentOf(page: Page, name: string): Promise<string> {
  const link = panel(page, 'Links').getByRole('link', { name });
  expect([await link.getAttribute('target'), await link.getAttribute('rel')]).toEqual([
    '_blank',
    'noopener noreferrer',
  ]);
  return page.evaluate(
    async (url) => (await fetch(url, { credentials: 'omit' })).text(),
    String(await link.getAttribute('href')),
  );
}

/** Drops a file on the first place for files. */
export async function drop(page: Page, name: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle((fileName) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([fileName], fileName, { type: 'text/plain' }));
    return transfer;
  }, name);
  const place = panel(page, 'Files').getByRole('group').first();
  for (const event of ['dragover', 'drop']) await place.dispatchEvent(event, { dataTransfer });
}

/** Limits how fast the page sends, in bytes per second; -1 is no limit. */
export async function limitUploads(page: Page, uploadThroughput: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 0, downloadThroughput: -1, uploadThroughput },
  });
}

/** What axe finds in GraphiQL and its editor: by rule, the parts, and why it stays. */
const NOT_OURS: Record<string, Record<string, string>> = {
  'nested-interactive': { '.graphiql-tab': 'its tabs contain a button to open and one to close' },
  'color-contrast': { '.monaco-editor': 'the colours of comments and line numbers are those of its themes' },
};

/** Fails with what axe finds in the page, except for `NOT_OURS`. */
export const expectOwnPartsAccessible = (page: Page): Promise<void> =>
  expectAccessible(
    page,
    Object.fromEntries(Object.entries(NOT_OURS).map(([rule, reasons]) => [rule, Object.keys(reasons)])),
  );
