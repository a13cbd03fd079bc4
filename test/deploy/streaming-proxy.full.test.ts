import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { sha256, tus } from '../http/tus/client.ts';
import { startCaddy } from '../support/caddy.ts';
import { ask } from '../support/client.ts';
import { uploadQuery } from '../support/files.ts';
import { filesBelow } from '../support/files-below.ts';
import { startNginx } from '../support/nginx.ts';
import { isInstalled } from '../support/programs.ts';
import type { ReverseProxy } from '../support/reverse-proxy.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const MIB = 1024 ** 2;
const content = Buffer.alloc(100 * MIB, 'some bytes ');
/** How much the client sends before it pauses. */
const SENT = 60 * MIB;
/**
 * What sockets and the server hold back at most, and by how much the memory of a proxy may grow.
 */
const BUFFERED = 24 * MIB;

async function bytesBelow(folder: string): Promise<number> {
  // A file may be gone before its size is read.
  const sizes = (await filesBelow(folder)).map((path) =>
    stat(path)
      .then(({ size }) => size)
      .catch(() => 0),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function memoryOf(proxy: ReverseProxy): Promise<number> {
  const statuses = (await proxy.pids()).map((pid) => readFile(`/proc/${pid}/status`, 'utf8'));
  const sizes = (await Promise.all(statuses)).map((status) => Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The bytes before and after the content of a multipart request with one file. */
const multipart = (boundary: string) => {
  const operations = JSON.stringify({ query: uploadQuery('Task:1'), variables: { id: 'Task:1', files: [null] } });
  const field = (name: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="0"; filename="a.bin"\r\n\r\n`;
  return {
    before: `${field('operations', operations)}${field('map', '{"0":["variables.files.0"]}')}${head}`,
    after: `\r\n--${boundary}--\r\n`,
  };
};

/** A request that has sent its head, and has yet to send `before`, the content and `after`. */
interface Sending {
  sending: ClientRequest;
  before: string;
  after: string;
}

function send(
  { url, key }: { url: string; key: string },
  {
    method,
    path,
    headers,
    before = '',
    after = '',
  }: {
    method: string;
    path: string;
    headers: Record<string, string>;
    before?: string;
    after?: string;
  },
): Sending {
  const length = before.length + content.length + after.length;
  const sending = request(new URL(path, url), {
    method,
    agent: false,
    headers: { authorization: `Bearer ${key}`, 'content-length': length, ...headers },
  });
  return { sending, before, after };
}

const begin = {
  async multipart(at: { url: string; key: string }) {
    const headers = { 'content-type': 'multipart/form-data; boundary=limit' };
    return send(at, { method: 'POST', path: '/graphql', headers, ...multipart('limit') });
  },
  async tus(at: { url: string; key: string }) {
    const length = String(content.length);
    const metadata = `filename ${btoa('a.bin')},on ${btoa('Task:1')}`;
    const made = await tus(at, 'POST', '/uploads', { 'upload-length': length, 'upload-metadata': metadata });
    const path = new URL(made.headers.get('location') ?? '', at.url).pathname;
    const headers = {
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
    };
    return send(at, { method: 'PATCH', path, headers });
  },
};

/**
 * Sends most of an upload, and expects all of that at the server, and nothing of it at the proxy.
 */
async function uploadThrough(proxy: ReverseProxy, server: TestServer, transport: keyof typeof begin): Promise<void> {
  const memory = await memoryOf(proxy);
  const files = await bytesBelow(proxy.folder);
  const { sending, before, after } = await begin[transport]({ url: proxy.url, key: server.key });
  using _sending = { [Symbol.dispose]: () => sending.destroy() };
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
  answered.catch(() => {}); // also awaited below, unless an expectation fails before
  const write = promisify<Buffer | string, void>((chunk, written) => sending.write(chunk, written));
  await write(before);
  for (let at = 0; at < SENT; at += MIB) await write(content.subarray(at, at + MIB));
  const received = () => bytesBelow(join(server.dataDir, 'files'));
  await expect.poll(received, { timeout: 15_000 }).toBeGreaterThan(SENT - BUFFERED);
  expect(await received()).toBeLessThanOrEqual(SENT);
  expect((await memoryOf(proxy)) - memory).toBeLessThan(BUFFERED);
  // What it logs is also there.
  expect((await bytesBelow(proxy.folder)) - files).toBeLessThan(64 * 1024);

  sending.write(content.subarray(SENT));
  sending.end(after);
  const [response] = await answered;
  expect([response.statusCode, await text(response)]).toEqual([
    transport === 'tus' ? 204 : 200,
    expect.not.stringContaining('"message"'),
  ]);
  const query = '{ task(id: "Task:1") { files { nodes { size sha256 } } } }';
  expect(await ask(server, query)).toEqual({
    task: { files: { nodes: [{ size: content.length, sha256: sha256(content) }] } },
  });
}

const proxies = [
  ['nginx', startNginx],
  ['Caddy', startCaddy],
] as const;

for (const [name, startProxy] of proxies)
  for (const transport of ['multipart', 'tus'] as const)
    test.runIf(isInstalled(name))(
      `${name} passes the first bytes of an upload by ${transport} on before the last are sent`,
      { timeout: 120_000 },
      async () => {
        await using server = await startTestServer({ TRUSTED_PROXIES: 'loopback' });
        await using proxy = await startProxy([Number(new URL(server.url).port)]);
        await uploadThrough(proxy, server, transport);
      },
    );
