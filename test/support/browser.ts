import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import { rolldown } from 'rolldown';
import { freePorts } from '../../scripts/support/ports.ts';
import { chromiumPath } from './programs.ts';

const UPPY = `
  import Uppy from '@uppy/core'; import Tus from '@uppy/tus'; import { Upload, defaultOptions } from 'tus-js-client';
  Object.assign(globalThis, { Uppy, Tus, Upload, defaultOptions });
`;

/**
 * Serves a page of another origin, with the bundle of a module: by default of Uppy and
 * tus-js-client.
 */
export async function startSite(module = UPPY) {
  const entry = '\0the module of the page';
  const bundle = await rolldown({
    input: entry,
    plugins: [
      {
        name: 'the page',
        resolveId: (id) => (id === entry ? { id } : null),
        load: (id) => (id === entry ? module : null),
      },
    ],
    cwd: process.cwd(),
    platform: 'browser',
  });
  const { output } = await bundle.generate({ format: 'iife' });
  await bundle.close();
  const script = output[0].code;
  const server = createServer((request, response) => {
    const isScript = request.url === '/bundle.js';
    response.setHeader('content-type', isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8');
    response.end(isScript ? script : '<!doctype html><title>Another site</title><script src="/bundle.js"></script>');
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

/** Opens the page in a browser, which is closed on disposal. */
export async function openPage(url: string) {
  const browser = await chromium.launch({
    executablePath: chromiumPath as string,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage();
  await page.goto(url);
  return { page, [Symbol.asyncDispose]: () => browser.close() };
}
