import { expect, test } from 'vitest';
import { download } from '../../support/download.ts';
import { uploadFile } from '../../support/files.ts';
import { startTestServer } from '../../support/server.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const pdf = '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';

test.each([
  ['page.html', 'text/html', '<script>alert(1)</script>'],
  [
    'page.xhtml',
    'application/xhtml+xml',
    '<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
  ],
  ['drawing.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
  ['feed.xml', 'text/xml', '<?xml version="1.0"?><x/>'],
  ['paper.pdf', 'application/pdf', pdf],
  ['script.js', 'text/javascript', 'alert(1)'],
  ['archive.bin', 'application/octet-stream', '\u0000\u0001\u0002'],
])('%s is served as an attachment, never inline', async (name, type, content) => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name, type, content });
  const response = await download(server, file);
  expect(response.headers.get('content-disposition')).toMatch(/^attachment\b/);
  expect(await response.text()).toBe(content);
});

test.each([
  ['notes.txt', 'text/plain', new Blob(['plain']), 'text/plain; charset=utf-8'],
  ['dot.png', 'image/png', new Blob([png]), 'image/png'],
])('%s is served inline', async (name, type, content, contentType) => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name, type, content });
  const response = await download(server, file);
  expect(response.headers.get('content-type')).toBe(contentType);
  expect(response.headers.get('content-disposition')).toMatch(/^inline\b/);
});

test.each([
  ['innocent.png', 'image/png', '<html><script>alert(1)</script></html>'],
  ['innocent.gif', 'image/gif', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ['innocent.txt', 'text/html', '<script>alert(1)</script>'],
  ['innocent.mp4', 'video/mp4', '<script>alert(1)</script>'],
])(
  '%s that falsely claims to be %s is served as an attachment, never as an image, video or audio',
  async (name, type, content) => {
    await using server = await startTestServer();
    const file = await uploadFile(server, 'Task:1', { name, type, content });
    const response = await download(server, file);
    expect(response.headers.get('content-type')).not.toMatch(/^(?:image|video|audio)\//);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment\b/);
  },
);

test.each(['text/javascript', 'application/javascript', 'text/ecmascript', 'application/x-javascript', 'text/jscript'])(
  'a file of the type %s is sent as plain text, which no page runs',
  async (type) => {
    await using server = await startTestServer();
    const file = await uploadFile(server, 'Task:1', { name: 'x.js', type, content: 'alert(1)' });
    for (const method of ['GET', 'HEAD']) {
      const { headers } = await download(server, file, { method });
      expect(headers.get('content-type')).toMatch(/^text\/plain(?:;|$)/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-disposition')).toMatch(/^attachment; .*x\.js/);
    }
  },
);

test('every download forbids type sniffing and script execution', async () => {
  await using server = await startTestServer();
  for (const [name, type] of [
    ['page.html', 'text/html'],
    ['notes.txt', 'text/plain'],
  ] as const) {
    const file = await uploadFile(server, 'Task:1', { name, type, content: '<script>alert(1)</script>' });
    for (const headers of [{}, { range: 'bytes=0-3' }] as Record<string, string>[]) {
      const response = await download(server, file, { headers });
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/(?:^|;)\s*sandbox\s*(?:;|$)/);
      expect(policy).toContain("default-src 'none'");
    }
  }
});

/**
 * Returns the name in a Content-Disposition as clients read it by RFC 6266 section 4.3:
 * `filename*` takes precedence.
 */
function nameIn(disposition: string): string | undefined {
  const extended = /;\s*filename\*=UTF-8''([^;\s]+)/i.exec(disposition)?.[1];
  if (extended !== undefined) return decodeURIComponent(extended);
  const quoted = /;\s*filename="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
  return /;\s*filename=([^;\s"]+)/i.exec(disposition)?.[1];
}

test.each([
  'plain.txt',
  'with some spaces.txt',
  'Grüße.txt',
  '見積書 2026.txt',
  '📎 clip.txt',
  "it's (a) [name]; really.txt",
  '50% off, 100%25.txt',
  "UTF-8''x.txt",
  'نص.txt',
  'say "hello".txt',
  'e\u0301 "é" 100%25.txt'.normalize('NFC'),
])('%s has its name in Content-Disposition', async (name) => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', { name, content: 'content' });
  expect(file.name).toBe(name);
  const disposition = (await download(server, file)).headers.get('content-disposition') ?? '';
  expect(nameIn(disposition)).toBe(name);
  expect(disposition).toMatch(/^[\x20-\x7e]*$/);
});
