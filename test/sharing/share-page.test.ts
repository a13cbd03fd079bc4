import { expect, test } from 'vitest';
import { openPage } from '../support/browser.ts';
import { uploadFile } from '../support/files.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { createShareLink } from './share-guests.ts';

test('the page permits only its own script, and neither referrers nor indexing', async () => {
  await using server = await startTestServer();
  const { headers } = await fetch(`${server.url}/share`);
  expect(Object.fromEntries(headers)).toMatchObject({ 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' });
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-[^' ]+'; /);
});

test.runIf(isInstalled('Chromium'))(
  'a person opens a link in a browser, enters its password, and downloads a file',
  { timeout: 120_000 },
  async () => {
    await using server = await startTestServer();
    const name = '<img src=x onerror=alert(1)>.txt';
    await uploadFile(server, 'Task:1', { name, content: 'the content' });
    const { url } = await createShareLink(server, { name: 'Plans & more', password: 'пароль 100%' });
    await using opened = await openPage('about:blank');
    const { page } = opened;
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(url);
    await page.locator('input').fill('wrong password');
    await page.locator('form button').click();
    await page.getByText('is wrong').waitFor();
    await page.locator('input').fill('пароль 100%');
    await page.locator('form button').click();
    const link = page.locator('li a');
    await link.waitFor();
    // The server has cleaned the name; the page shows it as text.
    expect(await page.locator('li img').count()).toBe(0);
    expect(await page.locator('h1').textContent()).toBe('Plans & more');
    const content = await page.evaluate(
      async (href) => (await fetch(String(href))).text(),
      await link.getAttribute('href'),
    );
    expect(content).toBe('the content');
    const sent = requested.map((address) => address.replace(/#.*/, ''));
    expect(sent.filter((address) => address.includes('shr_'))).toEqual([]);
    expect(sent.length).toBeGreaterThan(3);
  },
);
