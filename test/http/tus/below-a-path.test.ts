import { expect, test } from 'vitest';
import { startPathProxy } from '../../support/path-proxy.ts';
import { startTestServer } from '../../support/server.ts';
import { begin, bytesOf, offsetOf, tus, uploadByTus } from './client.ts';

async function startBelow(path: string) {
  const stack = new AsyncDisposableStack();
  const proxy = stack.use(await startPathProxy(path));
  const server = stack.use(await startTestServer({ PUBLIC_URL: `${proxy.url}/` }));
  proxy.target = server.url;
  return { url: proxy.url, key: server.key, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

test.each([
  ['in several requests', {}],
  ['with the first bytes in the creation', { uploadDataDuringCreation: true }],
])('tus-js-client uploads %s to a server behind a proxy with a path prefix', async (_how, options) => {
  await using below = await startBelow('/deep/attache');
  const { fileId, location } = await uploadByTus(
    below,
    bytesOf(300_000),
    { on: 'Task:1' },
    { chunkSize: 100_000, ...options },
  );
  expect(fileId).toMatch(/^File:\d+$/);
  expect(location).toMatch(`${below.url}/uploads/`);
});

test.each(['/', '/graphql'])('the page at %s finds its files behind a proxy with a path prefix', async (path) => {
  await using below = await startBelow('/attache');
  const page = await fetch(below.url + path, { headers: { accept: 'text/html' } });
  expect([page.status, page.url]).toEqual([200, below.url + path]);
  const assets = [...(await page.text()).matchAll(/"(\.\/assets\/[^"]+)"/g)].map(([, asset]) => asset as string);
  expect(assets.length).toBeGreaterThan(2);
  for (const asset of assets) expect((await fetch(new URL(asset, page.url))).status).toBe(200);
});

test('upload addresses with a trailing slash behave like those without one', async () => {
  await using server = await startTestServer();
  const { fileId } = await uploadByTus(server, bytesOf(1000), { on: 'Task:1' }, { endpoint: `${server.url}/uploads/` });
  expect(fileId).toMatch(/^File:\d+$/);
  expect((await fetch(`${server.url}/uploads/`, { method: 'OPTIONS' })).status).toBe(204);
  expect(await offsetOf(server, `${await begin(server, 10)}/`)).toBe(0);
  expect((await tus(server, 'PATCH', '/uploads/')).status).toBe(404);
});
