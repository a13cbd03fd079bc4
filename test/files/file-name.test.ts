import { describe, expect, test } from 'vitest';
import { BadUserInputError } from '../../src/errors.ts';
import { cleanName, hasExtension, parseFileName } from '../../src/files/file-name.ts';

const bytes = (text: string) => Buffer.byteLength(text);

describe('a valid name stays unchanged', () => {
  test.each([
    'report.pdf',
    'Grüße aus Köln.txt',
    '日本語のファイル.png',
    '👩‍👩‍👧 family.jpg',
    '.gitignore',
    '..hidden',
    'no extension',
    'a "quoted" name; with <marks> & more?.txt',
    'שלום.txt',
  ])('%s', (name) => {
    expect(cleanName(name)).toBe(name);
  });
});

describe('of a path only the last segment is kept', () => {
  test.each([
    ['/etc/passwd', 'passwd'],
    ['../../../etc/passwd', 'passwd'],
    ['C:\\Users\\ada\\Desktop\\report.pdf', 'report.pdf'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['folder/inside\\both.txt', 'both.txt'],
  ])('%s', (claimed, name) => {
    expect(cleanName(claimed)).toBe(name);
  });
});

describe('an empty or invalid name becomes "unnamed"', () => {
  test.each([[''], ['   '], ['.'], ['..'], ['folder/'], ['/'], ['\\'], ['\u0000\u0001'], ['\u202e'], [' \t\r\n ']])(
    '%j',
    (claimed) => {
      expect(cleanName(claimed)).toBe('unnamed');
    },
  );
});

describe('control and bidirectional characters, line separators and surrounding spaces are removed', () => {
  test.each([
    ['a line\r\nSet-Cookie: b=c.txt', 'a lineSet-Cookie: b=c.txt'],
    ['nul\u0000byte.txt', 'nulbyte.txt'],
    ['escape\u001b[31m.txt', 'escape[31m.txt'],
    ['delete\u007f and c1\u0085.txt', 'delete and c1.txt'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
    ['\u2066isolated\u2069.txt', 'isolated.txt'],
    ['para\u2029graph and \u2028line.txt', 'paragraph and line.txt'],
    ['  around it  ', 'around it'],
  ])('%j', (claimed, name) => {
    expect(cleanName(claimed)).toBe(name);
  });
});

test('composed and decomposed letters give the same name', () => {
  expect(cleanName('Gru\u0308\u00dfe.txt')).toBe(cleanName('Gr\u00fc\u00dfe.txt'));
});

test('a lone surrogate, which UTF-8 cannot encode, is removed', () => {
  expect(cleanName('half \ud83d.txt').isWellFormed()).toBe(true);
});

describe('a long name is truncated to 255 bytes of UTF-8 between characters and keeps its extension', () => {
  test.each([
    ['x'.repeat(300)],
    [`${'x'.repeat(300)}.pdf`],
    [`${'ü'.repeat(200)}.txt`],
    [`${'日'.repeat(100)}.jpeg`],
    [`${'👍'.repeat(100)}.png`],
    [`a.${'b'.repeat(300)}`],
    [`${'x'.repeat(250)}.${'👍'.repeat(16)}`],
    [`${'x'.repeat(300)}.tar.gz`],
  ])('%s', (claimed) => {
    const name = cleanName(claimed);
    expect(bytes(name)).toBeLessThanOrEqual(255);
    expect(bytes(name)).toBeGreaterThan(255 - 4);
    expect(name.isWellFormed()).toBe(true);
    const extension = /\.([^.]{1,16})$/.exec(claimed)?.[1];
    if (extension) expect(name.endsWith(`.${extension}`)).toBe(true);
  });

  test('leaves a name of exactly 255 bytes unchanged', () => {
    const name = `${'x'.repeat(251)}.txt`;
    expect(cleanName(name)).toBe(name);
  });
});

test('cleaning a clean name changes nothing', () => {
  for (const claimed of ['a/b\\c\u202e .txt ', `${'👍'.repeat(100)}.png`, '..', 'Gru\u0308\u00dfe.txt', ' . ']) {
    expect(cleanName(cleanName(claimed))).toBe(cleanName(claimed));
  }
});

test.each([
  ['report.PDF', ['pdf'], true],
  ['archive.tar.gz', ['tar.gz'], true],
  ['archive.tar.gz', ['gz'], true],
  ['archive.gz', ['tar.gz'], false],
  ['pdf', ['pdf'], false],
  ['reportpdf', ['pdf'], false],
  ['photo.jpg.exe', ['jpg'], false],
  ['anything', [], false],
])('%j has one of the extensions %j: %j', (name, extensions, expected) => {
  expect(hasExtension(name, extensions)).toBe(expected);
});

describe('a name given to rename a file', () => {
  test('is cleaned like the name of an upload', () => {
    expect(parseFileName('folder/new name.txt')).toBe('new name.txt');
    expect(parseFileName('unnamed')).toBe('unnamed');
  });

  test.each([[''], ['  '], ['..'], ['folder/'], ['\u0000']])('is rejected when it is %j', (claimed) => {
    expect(() => parseFileName(claimed)).toThrow(BadUserInputError);
  });
});
