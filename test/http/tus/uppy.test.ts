import { expect, test } from 'vitest';
import { startProxy } from '../../../scripts/support/proxy.ts';
import { openPage, startSite } from '../../support/browser.ts';
import { isInstalled } from '../../support/programs.ts';
import { startTestServer } from '../../support/server.ts';
import { bytesOf, sha256 } from './client.ts';

test.runIf(isInstalled('Chromium'))(
  'Uppy on a page of another origin completes an upload over a connection that breaks',
  { timeout: 120_000 },
  async () => {
    await using site = await startSite();
    await using server = await startTestServer({ CORS_ORIGINS: site.origin });
    await using proxy = await startProxy(Number(new URL(server.url).port));
    await using stack = new AsyncDisposableStack();
    const { page } = stack.use(await openPage(site.origin));
    const content = bytesOf(2_000_000);
    const cutter = setInterval(() => proxy.cut(0.5), 150);
    stack.defer(() => clearInterval(cutter));
    const result = await page.evaluate(
      async ({ endpoint, key, base64 }) => {
        // biome-ignore lint/suspicious/noExplicitAny: globals that the script of the page sets
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
    expect(result).toMatchObject({ done: 1, failed: [] });
    const id = result.seen[0]?.replace('File:', '');
    const sent = await fetch(`${server.url}/files/${id}/content`, {
      headers: { authorization: `Bearer ${server.key}` },
    });
    expect(sha256(Buffer.from(await sent.arrayBuffer()))).toBe(sha256(content));
  },
);
