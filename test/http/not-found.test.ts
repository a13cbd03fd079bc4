import { expect, test } from 'vitest';
import { startTestServer } from '../support/server.ts';

/** As browsers send it for an address that a person opens. */
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

async function get(url: string, accept: string, method = 'GET') {
  const { status, headers, ...response } = await fetch(url, { method, headers: { accept } }).then(async (answer) => ({
    status: answer.status,
    headers: answer.headers,
    text: await answer.text(),
  }));
  return { status, type: headers.get('content-type'), vary: headers.get('vary'), headers, ...response };
}

test('an unknown address is a page with a link home for a browser, and JSON for everyone else', async () => {
  await using server = await startTestServer();
  for (const path of ['/nonsense', '/a/b/c?x=1', '/%zz', '/assets/nothing.js', '/share/more']) {
    const page = await get(server.url + path, BROWSER);
    expect([path, page.status, page.type]).toEqual([path, 404, 'text/html; charset=utf-8']);
    const [, href = ''] = /<a href="([^"]+)"/.exec(page.text) ?? [];
    expect(new URL(href, `https://example.com/below${path}`).pathname).toBe('/below/');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^' ]+'; /);
    expect(page.vary).toContain('accept');
    for (const accept of ['*/*', 'application/json', 'image/avif,*/*;q=0.8']) {
      const answer = await get(server.url + path, accept);
      expect([path, answer.status, answer.type]).toEqual([path, 404, 'application/json; charset=utf-8']);
      expect(JSON.parse(answer.text).error.code).toBe('NOT_FOUND');
    }
  }
  expect(await get(`${server.url}/nonsense`, BROWSER, 'HEAD')).toMatchObject({ status: 404, text: '' });
  expect((await get(`${server.url}/nonsense`, BROWSER, 'POST')).type).toContain('json');
});

test('the page does not repeat the address, and is no longer for a long one', async () => {
  await using server = await startTestServer();
  const { text } = await get(`${server.url}/<img src=x>/"onerror=alert(1)`, BROWSER);
  expect(text).not.toMatch(/onerror|img/);
  const long = await get(`${server.url}${'/a'.repeat(4000)}`, BROWSER);
  expect(long.status).toBe(404);
  expect(long.text.length).toBeLessThan(text.length + 200);
});

test('the older APIs answer a browser as they answer their clients', async () => {
  await using server = await startTestServer();
  const path = '/api/2.0/nonsense';
  const [asBrowser, asClient] = [await get(server.url + path, BROWSER), await get(server.url + path, '*/*')];
  expect(asBrowser).toMatchObject({ status: asClient.status, type: asClient.type, text: asClient.text });
  expect(asBrowser.type).not.toContain('html');
});
