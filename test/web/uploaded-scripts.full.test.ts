import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { launchBrowser, signIn, visit } from './visit.ts';

const content = 'globalThis.hasRun = true; globalThis.postMessage?.("has run"); globalThis.onconnect = () => {};';

/** Uploads a script, and returns a signed URL of it. */
async function uploadScript(server: TestServer): Promise<string> {
  const { id } = await uploadFile(server, 'Task:1', { name: 'x.js', type: 'text/javascript', content });
  const { file } = await ask<{ file: { url: string } }>(
    server,
    'query ($id: ID!) { file(id: $id) { url(expiresIn: 600) } }',
    { id },
  );
  return new URL(file.url, server.url).href;
}

describe.skipIf(!isInstalled('Chromium'))('an uploaded script, in the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('does not run as a script, a module, a worker or a service worker', async () => {
    await using server = await startTestServer();
    const url = await uploadScript(server);
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, server.key);
    const outcomes = await page.evaluate(async (src) => {
      const outcomeOf = (target: EventTarget) =>
        new Promise((resolve) => {
          for (const type of ['load', 'message', 'error']) target.addEventListener(type, () => resolve(type));
        });
      const outcomes: Record<string, unknown> = {};
      for (const type of ['text/javascript', 'module']) {
        const script = Object.assign(document.createElement('script'), { src, type });
        const outcome = outcomeOf(script);
        document.body.append(script);
        outcomes[type] = await outcome;
      }
      outcomes.worker = await outcomeOf(new Worker(src));
      outcomes.moduleWorker = await outcomeOf(new Worker(src, { type: 'module' }));
      outcomes.sharedWorker = await outcomeOf(new SharedWorker(src));
      outcomes.serviceWorker = await navigator.serviceWorker.register(src).then(
        () => 'load',
        () => 'error',
      );
      outcomes.worklet = await new AudioContext().audioWorklet.addModule(src).then(
        () => 'load',
        () => 'error',
      );
      return { ...outcomes, hasRun: 'hasRun' in globalThis };
    }, url);
    expect(outcomes).toEqual({
      'text/javascript': 'error',
      module: 'error',
      worker: 'error',
      moduleWorker: 'error',
      sharedWorker: 'error',
      serviceWorker: 'error',
      worklet: 'error',
      hasRun: false,
    });
  });
});
