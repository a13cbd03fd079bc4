import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { removeFile } from '../support/documents.ts';
import { uploadFiles } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

type Format = 'png' | 'jpeg' | 'webp' | 'gif' | 'avif' | 'tiff';

const picture = (format: Format, width = 600, height = 300) =>
  sharp({ create: { width, height, channels: 3, background: '#c33' } })
    .toFormat(format)
    .toBuffer();

async function upload(server: TestServer, name: string, content: Uint8Array, key?: string): Promise<string> {
  const [file] = (await uploadFiles(server, null, [{ name, content: new Blob([new Uint8Array(content)]) }], {}, key))
    .files;
  return file?.id ?? '';
}

const at = (server: TestServer, id: string, query = '', init: RequestInit = {}, key = server.key) =>
  fetch(`${server.url}/files/${id.replace('File:', '')}/thumbnail${query}`, {
    ...init,
    headers: { authorization: `Bearer ${key}`, ...init.headers },
  });

async function sizeOf(response: Response): Promise<[string | undefined, number, number]> {
  const { format, width, height } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
  return [format, width, height];
}

const derived = ({ dataDir }: TestServer) =>
  readdir(join(dataDir, 'files', 'derived'), { recursive: true }).then(
    (names) => names.filter((name) => name.endsWith('.webp')),
    () => [],
  );

describe('a thumbnail', () => {
  test.each<Format>(['png', 'jpeg', 'webp', 'gif', 'avif', 'tiff'])(
    'is rendered from an image in %s',
    async (format) => {
      await using server = await startTestServer();
      const id = await upload(server, `a.${format}`, await picture(format));
      const response = await at(server, id);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/webp']);
      expect(response.headers.get('content-security-policy')).toContain('sandbox');
      expect(await sizeOf(response)).toEqual(['webp', 256, 128]);
    },
  );

  test('is rendered from the first frame of an animated PNG', async () => {
    await using server = await startTestServer();
    const id = await upload(server, 'a.png', animated(600, 300, 3));
    const query = 'query ($id: ID!) { file(id: $id) { contentType thumbnailUrl } }';
    type Answer = { file: { contentType: string; thumbnailUrl: string | null } };
    const { contentType, thumbnailUrl } = (await ask<Answer>(server, query, { id })).file;
    expect([contentType, thumbnailUrl]).toEqual(['image/apng', expect.stringContaining('/thumbnail')]);
    expect(await sizeOf(await at(server, id))).toEqual(['webp', 256, 128]);
  });

  test.each([
    ['its last marker', {}, -2],
    ['its last bytes', {}, -50],
    ['its last marker, of a progressive one', { progressive: true }, -2],
    ['its last bytes, of a progressive one', { progressive: true }, -50],
    ['half of its bytes, of a progressive one', { progressive: true }, 0.5],
  ])('is rendered from a JPEG that lacks %s', async (_what, options, end) => {
    await using server = await startTestServer();
    const whole = await mixed(600, 300).jpeg(options).toBuffer();
    const content = whole.subarray(0, end < 0 ? end : whole.length * end);
    const response = await at(server, await upload(server, 'a.jpg', content));
    expect(response.status).toBe(200);
    const made = Buffer.from(await response.arrayBuffer());
    const expected = await sharp(whole).resize(256, 128).raw().toBuffer();
    expect(distance(await sharp(made).raw().toBuffer(), expected)).toBeLessThan(12);
  });

  test.each([0.5, 0.8])('is not rendered from a JPEG of which only the fraction %f was uploaded', async (part) => {
    await using server = await startTestServer();
    const whole = await mixed(600, 300).jpeg().toBuffer();
    const content = whole.subarray(0, whole.length * part);
    expect((await at(server, await upload(server, 'a.jpg', content))).status).toBe(415);
  });

  test('has one of a few sizes and is never larger than the image', async () => {
    await using server = await startTestServer();
    const id = await upload(server, 'a.png', await picture('png'));
    expect(await sizeOf(await at(server, id, '?width=100&height=9999'))).toEqual(['webp', 128, 64]);
    expect(await sizeOf(await at(server, id, '?width=5000&height=5000'))).toEqual(['webp', 600, 300]);
    for (const width of ['0', '-5', 'x', '1.5']) expect((await at(server, id, `?width=${width}`)).status).toBe(400);
  });

  test('is upright and contains no EXIF metadata', async () => {
    await using server = await startTestServer();
    const photo = await sharp(await picture('jpeg'))
      .withExif({ IFD0: { Copyright: 'me' } })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const response = await at(server, await upload(server, 'a.jpg', photo));
    const { width, height, exif } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
    expect([width, height, exif]).toEqual([128, 256, undefined]);
  });

  test('is rendered once, stored, revalidated by its ETag, and deleted with the file', async () => {
    await using server = await startTestServer();
    const id = await upload(server, 'a.png', await picture('png'));
    const all = await Promise.all(Array.from({ length: 30 }, () => at(server, id)));
    expect(all.map(({ status }) => status)).toEqual(Array(30).fill(200));
    expect(await derived(server)).toHaveLength(1);
    const etag = all[0]?.headers.get('etag') ?? '';
    expect((await at(server, id, '', { headers: { 'if-none-match': etag } })).status).toBe(304);
    const head = await at(server, id, '', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    await ask(server, removeFile, { fileId: id });
    expect((await at(server, id)).status).toBe(404);
    await expect.poll(() => derived(server)).toEqual([]);
  });

  test('is available only to those who may see the file', async () => {
    await using server = await startTestServer();
    const id = await upload(server, 'a.png', await picture('png'));
    const eve = await newPerson(server, 'Eve');
    expect((await at(server, id, '', {}, eve.key)).status).toBe(404);
    expect((await fetch(`${server.url}/files/1/thumbnail`)).status).toBe(401);
  });

  test('has a URL in GraphQL, which may be a signed link', async () => {
    await using server = await startTestServer();
    const id = await upload(server, 'a.png', await picture('png'));
    const text = await upload(server, 'a.txt', Buffer.from('words'));
    const query = `query ($id: ID!) {
      file(id: $id) { plain: thumbnailUrl link: thumbnailUrl(width: 40, height: 40, expiresIn: 60) }
    }`;
    type Answer = { file: { plain: string | null; link: string | null } };
    const { plain, link } = (await ask<Answer>(server, query, { id })).file;
    expect((await fetch(plain ?? '')).status).toBe(401);
    expect(await sizeOf(await fetch(link ?? ''))).toEqual(['webp', 64, 32]);
    expect((await ask<Answer>(server, query, { id: text })).file).toEqual({ plain: null, link: null });
  });
});

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** An image whose colours vary everywhere. */
function mixed(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at++) {
    const [x, y, channel] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width), at % 3];
    pixels[at] = 128 + 100 * Math.sin(x / (20 + channel * 9)) * Math.cos(y / (15 + channel * 7));
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** The mean absolute difference of two pixel buffers. */
function distance(pixels: Buffer, others: Buffer): number {
  return pixels.reduce((sum, value, index) => sum + Math.abs(value - (others[index] as number)), 0) / pixels.length;
}

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc(body), body.length + 4);
  return framed;
};

const integers = (...values: number[]) => Buffer.concat(values.map((value) => Buffer.from([0, 0, value >> 8, value])));

/** An animated PNG, one colour a frame: https://www.w3.org/TR/png-3/#apng-frame-based-animation */
function animated(width: number, height: number, frames: number): Buffer {
  const header = Buffer.concat([integers(width, height), Buffer.from([8, 2, 0, 0, 0])]);
  const parts = [chunk('IHDR', header), chunk('acTL', integers(frames, 0))];
  for (let frame = 0, next = 0; frame < frames; frame++) {
    const control = [integers(next++, width, height, 0, 0), Buffer.from([0, 1, 0, 10, 0, 0])];
    parts.push(chunk('fcTL', Buffer.concat(control)));
    const pixels = deflateSync(Buffer.alloc((width * 3 + 1) * height));
    parts.push(frame === 0 ? chunk('IDAT', pixels) : chunk('fdAT', Buffer.concat([integers(next++), pixels])));
  }
  return Buffer.concat([signature, ...parts, chunk('IEND', Buffer.alloc(0))]);
}

/** A decompression bomb: a PNG of as many pixels as its header says, compressed to a few bytes. */
function bomb(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0], 8);
  const rows = deflateSync(Buffer.alloc(Math.ceil(width / 8 + 1) * Math.min(height, 1000)));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

function crc(bytes: Uint8Array): number {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}

test('a hostile or unreadable image has no thumbnail, and later ones are still rendered', {
  timeout: 60_000,
}, async () => {
  await using server = await startTestServer();
  const png = await picture('png');
  const noise = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256));
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>';
  const hostile: Record<string, Uint8Array> = {
    'cut-off.png': png.subarray(0, 60),
    'half.jpg': (await picture('jpeg', 2000, 2000)).subarray(0, 2000),
    'noise.png': Buffer.concat([png.subarray(0, 33), noise]),
    'noise.webp': Buffer.concat([(await picture('webp')).subarray(0, 30), noise]),
    'bomb.png': bomb(60_000, 60_000),
    'tall.png': bomb(1, 2 ** 31 - 1),
    'nothing.png': Buffer.alloc(0),
    'program.svg': Buffer.from(svg),
    'program.png': Buffer.from(svg),
    'text.txt': Buffer.from('words'),
  };
  for (const [name, content] of Object.entries(hostile)) {
    const response = await at(server, await upload(server, name, content));
    expect([name, response.status]).toEqual([name, 415]);
    expect(await response.json()).toMatchObject({ error: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
  }
  expect(await derived(server)).toEqual([]);
  expect((await at(server, await upload(server, 'good.png', png))).status).toBe(200);
});

test('an image above MAX_IMAGE_PIXELS has no thumbnail', async () => {
  await using server = await startTestServer({ MAX_IMAGE_PIXELS: '100000' });
  expect((await at(server, await upload(server, 'a.png', await picture('png')))).status).toBe(415);
  expect((await at(server, await upload(server, 'b.png', await picture('png', 300, 300)))).status).toBe(200);
});

test('sixty concurrent requests for new thumbnails all succeed', { timeout: 60_000 }, async () => {
  await using server = await startTestServer();
  const content = await picture('png', 1500, 1500);
  const ids: string[] = [];
  for (let index = 0; index < 60; index++) ids.push(await upload(server, `${index}.png`, content));
  const statuses = await Promise.all(ids.map(async (id) => (await at(server, id)).status));
  expect(statuses).toEqual(ids.map(() => 200));
});
