import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { answered, enter, openTab, run } from './explorer.ts';
import { launchBrowser, visit } from './visit.ts';

/** How much of the response is in the window, from 0 to 1. */
const visibleShareOf = (page: Page) =>
  page.locator('.result-window').evaluate((element) => {
    const { top, bottom, height } = element.getBoundingClientRect();
    return Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0)) / height;
  });

describe.skipIf(!isInstalled('Chromium'))('GraphiQL on a phone', { timeout: 180_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test.each(['no-preference', 'reduce'] as const)(
    'scrolls to the response when an operation runs, and not before: %s',
    async (reducedMotion) => {
      await using server = await startTestServer();
      const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, reducedMotion };
      await using session = await visit(browser, server.graphqlUrl, phone);
      const { page } = session;
      await enter(page, server.key);
      await openTab(page, 'Workspace');
      expect(await page.evaluate(() => scrollY)).toBe(0);
      expect(await visibleShareOf(page)).toBeLessThan(0.2);
      await run(page);
      await answered(page, 'Website relaunch');
      await expect.poll(() => visibleShareOf(page)).toBeGreaterThan(0.95);
      await page.screenshot({ path: 'test-output/graphiql-phone.png' });
      expect(session.complaints).toEqual([]);
    },
  );
});
