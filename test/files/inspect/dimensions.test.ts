import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { detectContentType } from '../../../src/files/inspect/content-type.ts';
import { dimensionsOf } from '../../../src/files/inspect/dimensions.ts';
import { hostileHeads } from '../../support/hostile-heads.ts';

const UNKNOWN = { width: null, height: null };

const measured = async (bytes: Uint8Array, claimed = '') =>
  dimensionsOf(bytes, await detectContentType(bytes, claimed, 'picture'));

const picture = (format: 'jpeg' | 'png' | 'gif' | 'webp' | 'tiff' | 'avif', orientation = 1) =>
  sharp({ create: { width: 61, height: 31, channels: 3, background: '#c33' } })
    .withMetadata({ orientation })
    .toFormat(format)
    .toBuffer();

describe('an image has its displayed dimensions', () => {
  test.each(['jpeg', 'png', 'gif', 'webp', 'tiff', 'avif'] as const)('%s', async (format) => {
    expect(await measured(await picture(format))).toEqual({ width: 61, height: 31 });
  });

  test.each([
    ...([
      ['jpeg', 3],
      ['jpeg', 5],
      ['jpeg', 6],
      ['jpeg', 8],
      ['avif', 3],
      ['avif', 6],
      ['avif', 8],
    ] as const),
  ])('%s with the orientation %i', async (format, orientation) => {
    const isRotated = orientation >= 5;
    const size = isRotated ? { width: 31, height: 61 } : { width: 61, height: 31 };
    expect(await measured(await picture(format, orientation))).toEqual(size);
  });

  test('a progressive JPEG with an embedded thumbnail', async () => {
    const exif = { IFD0: { Copyright: 'me' }, IFD2: { FocalLength: '5/1' } };
    const image = sharp({ create: { width: 40, height: 20, channels: 3, background: '#c33' } }).withExif(exif);
    expect(await measured(await image.jpeg({ progressive: true }).toBuffer())).toEqual({ width: 40, height: 20 });
  });

  test.each([
    ['<svg width="10" height="20">', 10, 20],
    ['<?xml version="1.0"?>\n<!-- a > b -->\n<svg viewBox="0 0 30 40" width="15px">', 15, 20],
    ['<svg viewBox="0,0,30,40"/>', 30, 40],
    ['<svg width="50%" height="20" viewBox="0 0 1 2">', 10, 20],
    [`<svg\n xmlns="a>b"\n width='1in' height='2.54cm'/>`, 96, 96],
    ['<svg width="1e2" height=".6e1">', 100, 6],
  ])('%s', async (text, width, height) => {
    expect(await measured(Buffer.from(text), 'image/svg+xml')).toEqual({ width, height });
  });
});

describe('dimensions are unknown when the first bytes do not contain them', () => {
  test.each([
    ['a JPEG of its first marker', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'image/jpeg'],
    ['an SVG without a length', Buffer.from('<svg width="wide" viewBox="1 2">'), 'image/svg+xml'],
    ['no SVG', Buffer.from('<html>'), 'image/svg+xml'],
    ['nothing', Buffer.alloc(0), 'image/avif'],
    ['what is no picture', Buffer.from('words'), 'text/plain'],
  ])('%s', (_what, bytes, type) => {
    expect(dimensionsOf(bytes, type)).toEqual(UNKNOWN);
  });

  test('an image truncated before its dimensions', async () => {
    for (const format of ['jpeg', 'avif', 'tiff'] as const) {
      const bytes = await picture(format);
      for (let length = 12; length < 120; length += 9) {
        const { width } = dimensionsOf(bytes.subarray(0, length), `image/${format}`);
        expect([61, null]).toContain(width);
      }
    }
  });

  test('dimensions too large for the database', async () => {
    const bytes = await picture('avif');
    bytes.fill(0xff, bytes.indexOf('ispe') + 8, bytes.indexOf('ispe') + 12);
    expect(await measured(bytes)).toEqual(UNKNOWN);
  });
});

test.each(Object.entries(hostileHeads))(
  '%s: truncated and altered bytes are read without an error',
  async (_name, head) => {
    for (let at = 0; at < 400; at += 7) {
      const changed = Buffer.from(head.subarray(0, 4096));
      changed[at] = 0xff - (changed[at] as number);
      for (const type of ['image/heic', 'image/jpeg', 'image/svg+xml']) {
        const { width, height } = dimensionsOf(changed, type);
        for (const length of [width, height]) expect(length === null || (length > 0 && length < 2 ** 31)).toBe(true);
      }
    }
  },
);
