import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { buildWeb } from '../../scripts/support/build-web.ts';
import { chromiumPath } from '../support/programs.ts';

const SWITCHED_OFF = ['background-networking', 'component-update', 'sync', 'gpu', 'quic'];
/** A test gives up after this time. No behaviour depends on it. */
const TIMEOUT_MS = 40_000;

/** Builds the page, which servers serve from then on, and starts Chromium. */
export async function launchBrowser(): Promise<Browser> {
  await buildWeb();
  return chromium.launch({
    executablePath: chromiumPath as string,
    args: ['--headless', '--no-sandbox', '--no-first-run', ...SWITCHED_OFF.map((name) => `--disable-${name}`)],
  });
}

/** The page in a new browser session, with its requests to other hosts and its console errors. */
export interface Visit extends AsyncDisposable {
  page: Page;
  foreign: string[];
  complaints: string[];
}

export async function visit(browser: Browser, url: string, options?: BrowserContextOptions): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  const foreign: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && origin !== new URL(url).origin) foreign.push(request.url());
  });
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  await page.goto(url);
  return { page, foreign, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Signs in with an API key. */
export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByRole('textbox', { name: 'API key' }).fill(key);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** Shows a place, as in `Task:1`, and waits for its title. */
export async function openPlace(page: Page, id: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/${id}`);
  await page.getByRole('region', { name: 'Files' }).waitFor();
}

/** Chooses files for the place that is shown. */
export async function chooseFiles(page: Page, files: { name: string; content: string | Buffer }[]): Promise<void> {
  await page
    .getByLabel('Upload files', { exact: true })
    .and(page.locator('input'))
    .setInputFiles(
      files.map(({ name, content }) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) })),
    );
}

/** The row of a file in the list of a place. */
export const rowOf = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });

/** The panel of uploads. */
export const uploads = (page: Page) => page.getByRole('region', { name: 'Uploads' });

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/**
 * Fails with what axe finds against WCAG 2.2 AA and its best practices in the page as it is now.
 * `except` has, by rule, the selectors of parts in which it is expected.
 */
export async function expectAccessible(page: Page, except: Record<string, string[]> = {}): Promise<void> {
  await page.evaluate(await readFile(axe, 'utf8'));
  const found = await page.evaluate(async (expected) => {
    const { violations } = await (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run();
    return violations.flatMap(({ id, help, nodes }) => {
      const within = expected[id]?.join() || ':not(*)';
      const rest = nodes.filter(({ target }) => !document.querySelector(String(target[0]))?.closest(within));
      return rest.length > 0 ? `${id}: ${help}: ${rest.map(({ html }) => html).join(' ')}` : [];
    });
  }, except);
  expect(found).toEqual([]);
}
