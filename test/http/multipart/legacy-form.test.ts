import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BodyBudget } from '../../../src/http/body/body-budget.ts';
import { readLegacyForm } from '../../../src/http/multipart/legacy-form.ts';
import { openDiskStorage } from '../../../src/storage/disk.ts';
import { type Claim, createReceiver } from '../../../src/uploads/receive.ts';

const limits = { maxFiles: 3, maxFileSize: 1000, allowedExtensions: [], refusedExtensions: ['exe'] };
const pace = { idleMs: 60_000, graceMs: 60_000, bytesPerSecond: 1 };

/** Starts a server that reads forms and responds with the fields and files, or with the error. */
async function startReader(options = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'attache-form-'));
  const storage = await openDiskStorage(folder);
  const results: unknown[] = [];
  const server = createServer(async (request, response) => {
    try {
      const reading = {
        createReceiver: (claim: Claim) => createReceiver({ storage, limits: limits as never }, claim),
        limits: limits as never,
        maxFieldSize: 100,
        pace,
        budget: new BodyBudget(),
        userId: 1,
        ...options,
      };
      await using form = await readLegacyForm(request, reading, (name) => name !== 'other');
      const files = form.files.map(({ name, outcome }) =>
        'file' in outcome ? [name, outcome.file.content.name, outcome.file.content.size] : [name, outcome.failure.code],
      );
      results.push({ fields: form.fields, files });
    } catch (error) {
      results.push((error as Error).message);
    }
    server.emit('read');
    response.end(JSON.stringify(results.at(-1)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    server,
    results,
    staged: () => readdir(join(folder, 'staging')),
    async send(body: BodyInit, headers: Record<string, string> = {}) {
      const response = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body, headers });
      return response.json();
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true });
    },
  };
}

function formOf(...entries: [string, string | [content: string, name: string]][]): FormData {
  const form = new FormData();
  for (const [name, value] of entries) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, new Blob([value[0]]), value[1]);
  }
  return form;
}

describe('a legacy form', () => {
  test('has its fields and files in order, however they are mixed', async () => {
    await using reader = await startReader();
    const form = formOf(['a', '1'], ['file', ['x', 'x.txt']], ['b', 'é'], ['file', ['', 'empty.txt']], ['a', '2']);
    expect(await reader.send(form)).toEqual({
      fields: [
        ['a', '1'],
        ['b', 'é'],
        ['a', '2'],
      ],
      files: [
        ['file', 'x.txt', 1],
        ['file', 'empty.txt', 0],
      ],
    });
    expect(await reader.staged()).toEqual([]); // the test did not mark them as persisted
  });

  test('is read when it is urlencoded', async () => {
    await using reader = await startReader();
    const fields = [
      ['a', '1 2'],
      ['b[]', '&'],
    ];
    expect(await reader.send(new URLSearchParams(fields))).toEqual({ fields, files: [] });
  });

  test('reports an error for each rejected file, and receives the others', async () => {
    await using reader = await startReader();
    const form = formOf(
      ['f', ['x'.repeat(1001), 'big.txt']],
      ['f', ['x'.repeat(1000), 'fits.txt']],
      ['f', ['x', 'a.exe']],
    );
    const files = [
      ['f', 'PAYLOAD_TOO_LARGE'],
      ['f', 'fits.txt', 1000],
      ['f', 'UNSUPPORTED_MEDIA_TYPE'],
    ];
    expect(await reader.send(form)).toEqual({ fields: [], files });
  });

  test('is read past files that the caller did not request', async () => {
    await using reader = await startReader();
    const form = formOf(['other', ['x'.repeat(100_000), 'x']], ['f', ['x', 'x']]);
    expect(await reader.send(form)).toEqual({ fields: [], files: [['f', 'x', 1]] });
  });
});

describe('rejected legacy forms', () => {
  const boundary = { 'content-type': 'multipart/form-data; boundary=x' };
  test.each<[string, BodyInit, Record<string, string>, string]>([
    ['a form without a boundary', 'x', { 'content-type': 'multipart/form-data' }, 'Boundary not found'],
    ['no form at all', '{}', { 'content-type': 'application/json' }, 'Unsupported content type'],
    ['a form without its end', '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb', boundary, 'Unexpected end'],
    [
      'a file without its end',
      '--x\r\ncontent-disposition: form-data; name="a"; filename="a"\r\n\r\nb',
      boundary,
      'Unexpected end',
    ],
    ['a part with a broken header', '--x\r\n\0: form\r\n\r\nb\r\n--x--\r\n', boundary, 'Malformed part header'],
    ['too long a field', formOf(['a', 'x'.repeat(101)]), {}, 'at most 100 bytes'],
    ['too many files', formOf(...Array(4).fill(['f', ['x', 'x']])), {}, 'at most 3 files'],
    ['too many fields', formOf(...Array(1001).fill(['f', 'x'])), {}, 'at most 1000 fields'],
    ['endless files that nobody asked for', formOf(['other', ['x'.repeat(2 ** 21), 'x']]), {}, 'at most 100 bytes'],
  ])('rejects %s, and leaves no staged file', async (_what, body, headers, message) => {
    await using reader = await startReader();
    expect(await reader.send(body, headers)).toContain(message);
    expect(await reader.staged()).toEqual([]);
  });

  const begun =
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\ncontent-type: multipart/form-data; boundary=x\r\n\r\n' +
    '--x\r\ncontent-disposition: form-data; name="a"; filename="a"\r\n\r\nbcd';

  test('rejects a form whose client disconnects, and leaves no staged file', async () => {
    await using reader = await startReader();
    const socket = connect(reader.port);
    socket.write(begun, () => socket.destroySoon());
    await once(reader.server, 'read');
    expect(reader.results).toEqual([expect.stringContaining('disconnected')]);
    expect(await reader.staged()).toEqual([]);
  });

  test('rejects a form whose client stops sending, and leaves no staged file', async () => {
    await using reader = await startReader({ pace: { ...pace, idleMs: 20 } });
    const socket = connect(reader.port);
    socket.write(begun);
    await once(reader.server, 'read');
    expect(reader.results).toEqual([expect.stringContaining('sent nothing')]);
    expect(await reader.staged()).toEqual([]);
    socket.destroy();
  });
});
