import { expect, test } from 'vitest';
import { encodeDateTime } from '../../src/legacy/onlyoffice/date-time.ts';
import { extensionOf, fileTypeOf } from '../../src/legacy/onlyoffice/file-type.ts';
import { encodeSize } from '../../src/legacy/onlyoffice/size.ts';

test.each([
  [0, '0 bytes'],
  [1023, '1,023 bytes'],
  [1024, '1 KB'],
  [12_288, '12 KB'],
  [1_234_567, '1.18 MB'],
  [5 * 1024 ** 3, '5 GB'],
  [2 ** 52, '4,096 TB'],
])('encodes %d bytes as %s', (bytes, text) => {
  expect(encodeSize(bytes)).toBe(text);
});

test('encodes a time with seven decimals', () => {
  expect(encodeDateTime(new Date('2026-11-21T02:16:00.123Z'))).toBe('2026-11-21T02:16:00.1230000Z');
});

test.each([
  ['a.DOCX', '.docx', 7],
  ['archive.tar.gz', '.gz', 1],
  ['none', '', 0],
  ['.hidden', '', 0],
])('%s has the extension "%s" and the file type %d', (name, extension, kind) => {
  expect([extensionOf(name), fileTypeOf(name)]).toEqual([extension, kind]);
});
