import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { startProxy } from '../../../scripts/support/proxy.ts';
import { openPage, startSite } from '../../support/browser.ts';
import { ask } from '../../support/client.ts';
import { uploadFile } from '../../support/files.ts';
import { isInstalled } from '../../support/programs.ts';
import { startTestServer } from '../../support/server.ts';

const sources = resolve(import.meta.dirname, '../../../packages/attache-client/src');

/** A page that keeps the reported progress in globals, which a reload clears. */
const APPLICATION = `
  import { SubscriptionClient } from '${sources}/subscriptions.ts';
  import { uploadFile } from '${sources}/uploads.ts';

  const sent = [], received = [], statuses = [];
  const fileOf = (size) => new File([new Uint8Array(size)], 'photo.jpg', { lastModified: 1 });
  async function upload({ url, token, size, chunkSize, abortAt }) {
    const leaving = new AbortController();
    const server = { url, token, chunkSize, storage: localStorage, retryDelay: () => 50, retries: 100 };
    const onProgress = (bytes) => {
      sent.push(bytes);
      if (bytes >= abortAt) leaving.abort(new Error('left'));
    };
    return uploadFile(server, fileOf(size), { on: 'Task:1', onProgress, signal: leaving.signal })
      .then(({ id }) => id, (error) => error.message);
  }
  function subscribe({ url, token }) {
    const client = new SubscriptionClient({ url, token, onStatus: (status) => statuses.push(status) });
    const query = 'subscription ($on: ID!, $after: String) { fileAdded(on: $on, after: $after) { cursor file { name } } }';
    client.subscribe({ query, variables: { on: 'Task:1' } }, {
      next: ({ data }) => received.push(data.fileAdded.file.name), error: (error) => received.push(String(error)), complete() {},
    });
  }
  Object.assign(globalThis, { application: { sent, received, statuses, upload, subscribe } });
`;

interface Application {
  sent: number[];
  received: string[];
  statuses: string[];
  upload(options: object): Promise<string>;
  subscribe(options: object): void;
}
type Global = { application: Application };

const MIB = 1024 ** 2;

test.runIf(isInstalled('Chromium'))(
  'a page of another origin uploads with progress over a connection that breaks, and resumes after a reload',
  { timeout: 120_000 },
  async () => {
    await using site = await startSite(APPLICATION);
    await using server = await startTestServer({ CORS_ORIGINS: site.origin });
    await using proxy = await startProxy(Number(new URL(server.url).port));
    await using opened = await openPage(site.origin);
    const { page } = opened;
    const upload = (options: object) =>
      page.evaluate((given) => (globalThis as never as Global).application.upload(given), {
        ...{ url: `http://127.0.0.1:${proxy.port}/graphql`, token: server.key, chunkSize: MIB, ...options },
      });
    const sentOf = () => page.evaluate(() => (globalThis as never as Global).application.sent);

    expect(await upload({ size: 1000 })).toBe('File:1');
    expect((await sentOf()).at(-1)).toBe(1000);

    const uploading = upload({ size: 40 * MIB });
    for (let cuts = 0; cuts < 3; cuts++) {
      const before = (await sentOf()).length;
      await expect.poll(async () => (await sentOf()).length).toBeGreaterThan(before);
      proxy.cut(1);
    }
    expect(await uploading).toBe('File:2');

    expect(await upload({ size: 9 * MIB, abortAt: 6 * MIB })).toBe('left');
    await page.reload();
    expect(await upload({ size: 9 * MIB })).toBe('File:3');
    const [resumedAt = 0] = await sentOf();
    expect(resumedAt).toBeGreaterThanOrEqual(5 * MIB);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    const query = '{ task(id: "Task:1") { files(first: 5) { nodes { size } } } }';
    expect(await ask(server, query)).toEqual({
      task: { files: { nodes: [1000, 40 * MIB, 9 * MIB].map((size) => ({ size })) } },
    });
  },
);

test.runIf(isInstalled('Chromium'))('a page receives each event once over a connection that breaks', async () => {
  await using site = await startSite(APPLICATION);
  await using server = await startTestServer({ CORS_ORIGINS: site.origin });
  await using proxy = await startProxy(Number(new URL(server.url).port));
  await using opened = await openPage(site.origin);
  const { page } = opened;
  const read = (name: 'received' | 'statuses') =>
    page.evaluate((name) => (globalThis as never as Global).application[name], name);
  await page.evaluate((given) => (globalThis as never as Global).application.subscribe(given), {
    url: `http://127.0.0.1:${proxy.port}/graphql`,
    token: server.key,
  });
  await expect.poll(async () => (await read('statuses')).at(-1)).toBe('connected');
  for (const name of ['one', 'two', 'three']) {
    proxy.cut(1);
    await uploadFile(server, 'Task:1', name);
  }
  await expect.poll(() => read('received')).toEqual(['one', 'two', 'three']);
  await expect.poll(async () => (await read('statuses')).at(-1)).toBe('connected');
  expect(await read('statuses')).toContain('reconnecting');
});
