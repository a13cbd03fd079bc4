import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { detectContentType, isImage } from '../../../src/files/inspect/content-type.ts';
import { zip } from '../../support/zip.ts';

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const BINARY = 'application/octet-stream';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffdb004300', 'hex');
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const pdf = Buffer.from('%PDF-1.7\n%\u00e2\u00e3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n', 'latin1');
const archive = zip([['notes.txt', 'some notes']]);
const html = Buffer.from('<!doctype html><html><body><script>alert(1)</script></body></html>');
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>');
const text = Buffer.from('Just some words, and a few more of them.\n');
const nothing = Buffer.alloc(0);

const typesPart = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="${WORD}.main+xml"/></Types>`;
const page = ['word/document.xml', `<w:document>${randomBytes(20_000).toString('hex')}</w:document>`] as const;
const relations = ['_rels/.rels', '<Relationships/>'] as const;

/** The content type that the server detects from the beginning of a file. */
const detect = (content: Uint8Array, claimed: string, name: string) =>
  detectContentType(content.subarray(0, 4100), claimed, name);

describe('a type proven by the content overrides the declared type', () => {
  test.each([
    ['image/png', png],
    ['image/jpeg', jpeg],
    ['image/gif', gif],
    ['application/pdf', pdf],
    ['application/zip', archive],
  ])('%s', async (type, content) => {
    expect(await detect(content, type, 'file')).toBe(type);
    expect(await detect(content, '', 'file')).toBe(type);
    expect(await detect(content, BINARY, 'file.txt')).toBe(type);
    expect(await detect(content, 'text/html', 'file.html')).toBe(type);
    expect(await detect(content, 'video/mp4', 'file.mp4')).toBe(type);
  });
});

describe('a Word document is detected', () => {
  test.each([
    ['as Word writes it', zip([['[Content_Types].xml', typesPart], relations, page])],
    ['as LibreOffice writes it', zip([relations, page, ['[Content_Types].xml', typesPart]])],
  ])('%s', async (_how, content) => {
    expect(await detect(content, WORD, 'letter.docx')).toBe(WORD);
    expect(await detect(content, '', 'letter.docx')).toBe(WORD);
  });
});

describe('a declared type counts when the content proves nothing', () => {
  test.each([
    ['text/plain', text, 'file'],
    ['text/html', html, 'page'],
    ['text/csv', text, 'table.txt'],
    ['application/json', Buffer.from('{"a":1}'), 'data'],
    ['image/svg+xml', svg, 'drawing'],
    ['application/x-of-my-own', text, 'file.txt'],
  ])('%s', async (type, content, name) => {
    expect(await detect(content, type, name)).toBe(type);
  });

  test.each([
    ['text/plain; charset=utf-8', 'text/plain'],
    ['TEXT/Plain', 'text/plain'],
    [' text/plain ;format=flowed;delsp=yes', 'text/plain'],
    ['text/csv;header="a;b"', 'text/csv'],
  ])('a declared %j loses its parameters and is lowercased', async (claimed, type) => {
    expect(await detect(text, claimed, 'file')).toBe(type);
  });
});

describe('a declared type or an extension is more specific than the container format', () => {
  test.each([
    ['image/svg+xml', 'drawing.svg', Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${svg}`)],
    ['application/msword', 'letter.doc', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000)])],
  ])('%s', async (type, name, content) => {
    expect(await detect(content, type, name)).toBe(type);
    expect(await detect(content, '', name)).toBe(type);
  });
});

describe('the extension counts when no type is declared', () => {
  test.each([
    ['notes.txt', text, 'text/plain'],
    ['page.html', html, 'text/html'],
    ['drawing.svg', svg, 'image/svg+xml'],
    ['data.json', text, 'application/json'],
    ['empty.txt', nothing, 'text/plain'],
  ])('%s', async (name, content, type) => {
    for (const claimed of ['', BINARY]) expect(await detect(content, claimed, name)).toBe(type);
  });
});

describe('a declared type that the content would have proven is rejected without that proof', () => {
  test.each([
    ['HTML', 'image/png', html, 'page.html', 'text/html'],
    ['HTML', 'image/png', html, 'picture.png', BINARY],
    ['HTML', 'IMAGE/PNG; charset=binary', html, 'picture.png', BINARY],
    ['HTML', 'application/pdf', html, 'page', BINARY],
    ['text', 'video/mp4', text, 'film.mp4', 'text/plain'],
    ['text', 'video/mp2t', text, 'module.ts', 'text/plain'],
    ['text', 'video/vnd.dlna.mpeg-tts', text, 'module.ts', 'text/plain'],
    ['text', 'audio/webm', text, 'voice.weba', 'text/plain'],
    ['text', 'audio/midi', text, 'song.mid', 'text/plain'],
    ['a list of songs', 'audio/x-mpegurl', Buffer.from('#EXTM3U\nsong.mp3\n'), 'list.m3u', 'audio/x-mpegurl'],
    ['bytes', 'video/mp4', Buffer.from([1, 2, 3, 0]), 'film.mp4', BINARY],
    ['nothing', 'image/jpeg', nothing, 'photo.jpg', BINARY],
    ['an archive', 'image/gif', archive, 'picture.gif', 'application/zip'],
  ])('%s claimed to be %s', async (_what, claimed, content, name, type) => {
    expect(await detect(content, claimed, name)).toBe(type);
  });
});

describe('an invalid declared type is ignored', () => {
  test.each([
    ['nonsense'],
    ['text/'],
    ['/plain'],
    ['text/plain/more'],
    ['text/pla in'],
    ['text/html\r\nset-cookie: a=b'],
    [`text/${'x'.repeat(200)}`],
    ['*/*'],
    ['multipart/form-data, text/html'],
  ])('%j', async (claimed) => {
    expect(await detect(text, claimed, 'notes.txt')).toBe('text/plain');
    expect(await detect(text, claimed, 'notes')).toBe(BINARY);
  });
});

describe('truncated or corrupt content yields a valid type without an error', () => {
  test.each([
    ['the first bytes of a picture', png.subarray(0, 4)],
    ['the first bytes of an archive', archive.subarray(0, 10)],
    ['an archive that ends in an entry', zip([['a.txt', randomBytes(9000)]]).subarray(0, 3000)],
    ['one byte', Buffer.from([0xff])],
    ['noise', Buffer.alloc(5000, 0x81)],
  ])('%s', async (_what, content) => {
    expect(await detect(content, '', 'file')).toMatch(/^[\w.+-]+\/[\w.+-]+$/);
  });
});

test('isImage is true exactly for image types', () => {
  expect(['image/png', 'image/svg+xml', 'image/webp'].map(isImage)).toEqual([true, true, true]);
  expect(['text/html', 'application/pdf', 'x-image/png', ''].map(isImage)).toEqual([false, false, false, false]);
});

describe('a signature that plain text can contain proves nothing about a text', () => {
  test.each([
    ['a table', 'BMW;3 Series;2019\nVW;Golf;2020\n', 'text/csv', 'cars.csv', 'text/csv'],
    ['a table without a claim', 'BMW;3 Series;2019\nVW;Golf;2020\n', '', 'cars.csv', 'text/csv'],
    [
      'a table in Windows-1251',
      Buffer.from([...Buffer.from('BMW;'), 0xcc, 0xe0, 0xf8, 0xe8, 0xed, 0xe0]),
      '',
      'cars.csv',
      'text/csv',
    ],
    ['a text', 'MZ was here, and wrote a few more words.', 'text/plain', 'notes.txt', 'text/plain'],
    ['a text without an extension', 'MZ was here, and wrote a few more words.', '', 'notes', 'text/plain'],
    ['a text', 'GIF89a is the name of a format.', 'text/markdown', 'formats.md', 'text/markdown'],
    ['a text', 'ID3 tags are at the beginning of a file.', BINARY, 'tags.txt', 'text/plain'],
    ['a text', 'PK is the name of a railway station.', '', 'PK.txt', 'text/plain'],
    ['a text', 'Rar! said the lion.', 'text/html', 'lion.html', 'text/html'],
    ['a PDF that is all ASCII', '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n', '', 'a.pdf', 'application/pdf'],
    ['a PDF that is all ASCII', '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n', '', 'a', 'application/pdf'],
    ['XML without its first line', '<note/>', 'application/xml', 'note.xml', 'application/xml'],
  ])('%s: %j', async (_what, content, claimed, name, type) => {
    expect(await detect(Buffer.from(content as string), claimed, name)).toBe(type);
  });
});

describe('a specific declared type counts before the extension, and the extension before a generic type', () => {
  test.each([
    ['text/csv', 'data.txt', 'text/csv'],
    ['text/plain', 'data.csv', 'text/plain'],
    ['', 'data.csv', 'text/csv'],
    [BINARY, 'data.json', 'application/json'],
    ['application/octet-stream; x=y', 'notes.md', 'text/markdown'],
  ])('%j, %s', async (claimed, name, type) => {
    expect(await detect(text, claimed, name)).toBe(type);
  });
});

describe('the declared type or the name determines the type within a container where it is plausible', () => {
  const cfb = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000)]);
  const webm = Buffer.concat([
    Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex'),
    Buffer.alloc(200),
  ]);
  const mp4 = Buffer.concat([
    Buffer.from('00000018667479706d703432000000006d7034326d703431', 'hex'),
    Buffer.alloc(200),
  ]);
  const apk = zip([['AndroidManifest.xml', 'x'.repeat(100)]]);
  test.each([
    ['a document whose parts stand far behind', archive, WORD, 'letter.docx', WORD],
    ['the same by its name', archive, '', 'letter.docx', WORD],
    ['a map', archive, 'application/vnd.google-earth.kmz', 'map.kmz', 'application/vnd.google-earth.kmz'],
    ['an app', apk, '', 'app.apk', 'application/vnd.android.package-archive'],
    ['an archive claimed as JSON', archive, 'application/json', 'data.json', 'application/zip'],
    ['an archive claimed as a program', archive, 'application/x-msdownload', 'a.exe', 'application/zip'],
    ['a document with a password', cfb, WORD, 'letter.docx', WORD],
    ['a message', cfb, 'application/vnd.ms-outlook', 'mail.msg', 'application/vnd.ms-outlook'],
    ['a message by its name', cfb, BINARY, 'mail.msg', 'application/vnd.ms-outlook'],
    ['a recording', webm, 'audio/webm;codecs=opus', 'voice.webm', 'audio/webm'],
    ['a film', webm, 'video/webm', 'film.webm', 'video/webm'],
    ['a recording of a phone', mp4, 'audio/mp4', 'voice.m4a', 'audio/mp4'],
    ['a film claimed as another sound', mp4, 'audio/mpeg', 'film.mp4', 'video/mp4'],
  ])('%s', async (_what, content, claimed, name, type) => {
    expect(await detect(content, claimed, name)).toBe(type);
  });
});
