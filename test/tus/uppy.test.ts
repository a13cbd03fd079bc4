import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { freePorts } from '../../scripts/chaos/ports.ts';
import { startProxy } from '../../scripts/chaos/proxy.ts';
import { startTestServer } from '../support/server.ts';
import { bytesOf, sha256 } from './client.ts';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env.CHROMIUM_PATH ?? places.find((place) => existsSync(place));
if (!executablePath && process.env.CI) throw new Error('There is no Chromium, and CI must not go without.');
if (!executablePath) console.error(`SKIPPED: Uppy needs Chromium, and there is none at ${places.join(', ')}.`);

/** A page of another site, with Uppy in it, as a bundler makes it. */
async function startSite() {
  const entry = '\0uppy';
  const bundle = await rolldown({
    input: entry,
    plugins: [
      {
        name: 'the page',
        resolveId: (id) => (id === entry ? { id } : null),
        load: (id) =>
          id === entry
            ? `import Uppy from '@uppy/core'; import Tus from '@uppy/tus'; Object.assign(globalThis, { Uppy, Tus });`
            : null,
      },
    ],
    cwd: process.cwd(),
    platform: 'browser',
  });
  const { output } = await bundle.generate({ format: 'iife' });
  await bundle.close();
  const script = output[0].code;
  const server = createServer((request, response) => {
    const isScript = request.url === '/uppy.js';
    response.setHeader('content-type', isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8');
    response.end(isScript ? script : '<!doctype html><title>Another site</title><script src="/uppy.js"></script>');
  });
  const [port = 0] = await freePorts(1);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

test.runIf(executablePath)(
  'Uppy, in a page of another site, uploads over a connection that breaks',
  { timeout: 120_000 },
  async () => {
    await using site = await startSite();
    await using server = await startTestServer({ CORS_ORIGINS: site.origin });
    await using proxy = await startProxy(Number(new URL(server.url).port));
    await using stack = new AsyncDisposableStack();
    const browser = await chromium.launch({
      executablePath: executablePath as string,
      args: ['--no-sandbox', '--disable-gpu'],
    });
    stack.defer(() => browser.close());
    const page = await browser.newPage();
    await page.goto(site.origin);
    const content = bytesOf(2_000_000);
    const cutter = setInterval(() => proxy.cut(0.5), 150);
    stack.defer(() => clearInterval(cutter));
    const told = await page.evaluate(
      async ({ endpoint, key, base64 }) => {
        // biome-ignore lint/suspicious/noExplicitAny: what the page's script put there
        const { Uppy, Tus } = globalThis as any;
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const seen: string[] = [];
        const uppy = new Uppy().use(Tus, {
          endpoint,
          headers: { authorization: `Bearer ${key}` },
          chunkSize: 300_000,
          retryDelays: Array(200).fill(30),
          onAfterResponse: (_request: unknown, response: { getHeader(name: string): string | undefined }) => {
            const id = response.getHeader('attache-file-id');
            if (id) seen.push(id);
          },
        });
        uppy.setMeta({ on: 'Task:1' });
        uppy.addFile({ name: 'by-uppy.bin', data: new Blob([bytes]) });
        const { successful = [], failed = [] } = await uppy.upload();
        return { done: successful.length, failed: failed.map((file: { error?: string }) => file.error), seen };
      },
      { endpoint: `http://127.0.0.1:${proxy.port}/uploads`, key: server.key, base64: content.toString('base64') },
    );
    expect(told).toMatchObject({ done: 1, failed: [] });
    const id = told.seen[0]?.replace('File:', '');
    const sent = await fetch(`${server.url}/files/${id}/content`, {
      headers: { authorization: `Bearer ${server.key}` },
    });
    expect(sha256(Buffer.from(await sent.arrayBuffer()))).toBe(sha256(content));
  },
);
