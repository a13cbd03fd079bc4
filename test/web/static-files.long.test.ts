import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildServer } from '../../scripts/support/build.ts';
import { buildWeb } from '../../scripts/support/build-web.ts';
import { testInFull } from '../support/length.ts';
import { startProcess } from '../support/process.ts';
import { ADMIN_KEY, startTestServer } from '../support/server.ts';

const html = { accept: 'text/html,application/xhtml+xml;q=0.9' };

/** The files that an HTML file names. */
const assetsIn = (page: string): string[] => [...page.matchAll(/"\.\/(assets\/[^"]+)"/g)].map(([, path]) => `/${path}`);

beforeAll(async () => void (await buildWeb()));

describe.each([
  ['the page', '/'],
  ['GraphiQL', '/graphql'],
])('%s', (_name, path) => {
  test('is an HTML file that clients ask for again, with a tag', async () => {
    await using server = await startTestServer();
    const response = await fetch(server.url + path, { headers: html });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';");
    const etag = response.headers.get('etag') ?? '';
    const again = await fetch(server.url + path, { headers: { ...html, 'if-none-match': etag } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    const head = await fetch(server.url + path, { method: 'HEAD', headers: html });
    expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', etag]);
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(await response.text())));
  });

  test('has files that clients cache as immutable, compressed', async () => {
    await using server = await startTestServer();
    const assets = assetsIn(await (await fetch(server.url + path, { headers: html })).text());
    expect(assets.length).toBeGreaterThan(2);
    for (const asset of assets)
      for (const encoding of ['br', 'gzip']) {
        const { status, headers } = await fetch(server.url + asset, { headers: { 'accept-encoding': encoding } });
        expect([asset, status, headers.get('cache-control')]).toEqual([
          asset,
          200,
          'public, max-age=31536000, immutable',
        ]);
        expect([asset, headers.get('content-encoding'), headers.get('vary')]).toEqual([
          asset,
          encoding,
          'accept-encoding',
        ]);
      }
  });
});

test('GraphiQL is at the address of the API, for browsers only', async () => {
  await using server = await startTestServer();
  const page = await fetch(server.graphqlUrl, { headers: html });
  expect([page.headers.get('vary'), await page.text()]).toEqual(['accept', expect.stringContaining('GraphiQL')]);
  const answer = await fetch(`${server.graphqlUrl}?query={__typename}`, { headers: { accept: 'application/json' } });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([401, expect.stringContaining('json')]);
});

testInFull('serving GraphiQL takes a few MiB of memory', async () => {
  await buildServer();
  const dataDir = await mkdtemp(join(tmpdir(), 'attache-test-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const server = stack.use(await startProcess({ DATA_DIR: dataDir, ATTACHE_ADMIN_KEY: ADMIN_KEY }));
  const before = await residentMiB(server.pid);
  await (await fetch(server.graphqlUrl, { headers: html })).text();
  const assets = await readdir(join(await buildWeb(), 'assets'));
  expect(assets.length).toBeGreaterThan(20);
  for (const asset of assets) await (await fetch(`${server.url}/assets/${asset}`)).arrayBuffer();
  expect((await residentMiB(server.pid)) - before).toBeLessThan(25); // 103 when it was one page
});

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
async function residentMiB(pid: number): Promise<number> {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}
