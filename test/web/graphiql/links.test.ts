import { describe, expect, test } from 'vitest';
import { findLinks } from '../../../src/web/graphiql/links/find-links.ts';
import { jsonPieces, shortJson } from '../../../src/web/graphiql/links/json-lines.ts';

const base = 'https://files.example.org/below/';
const hrefs = (value: unknown) => findLinks(value, base).map(({ href }) => href);

describe('the links of a response', () => {
  test('are the values of fields that hold URLs, with the name beside them', () => {
    const file = { name: 'photo.png', url: '/files/1/content?token=1', thumbnailUrl: 'https://cdn.example.org/t.png' };
    expect(findLinks({ data: { task: { files: { nodes: [file] } } } }, base)).toEqual([
      { name: 'photo.png', field: 'url', href: 'https://files.example.org/files/1/content?token=1', needsKey: false },
      { name: 'photo.png', field: 'thumbnailUrl', href: 'https://cdn.example.org/t.png', needsKey: false },
    ]);
  });

  test('open without a key only when they are signed', () => {
    const [link] = findLinks({ url: 'https://files.example.org/files/1/content' }, base);
    expect(link?.needsKey).toBe(true);
  });

  test('are no texts that look like links, and never scripts', () => {
    expect(hrefs({ body: 'https://evil.example', name: 'https://evil.example' })).toEqual([]);
    expect(
      hrefs({ url: 'javascript:alert(1)', profileUrl: 'data:text/html,<script>', avatarUrl: '//evil.example/' }),
    ).toEqual([]);
    expect(hrefs({ url: ' javascript:alert(1)' })).toEqual([]);
  });
});

test('an event as text has its signed links, and its invisible characters as escapes', () => {
  const event = { file: { name: 'a\u202egpj.exe', url: 'https://files.example.org/files/1/content?token=1' } };
  const pieces = jsonPieces(event, base);
  expect(pieces.filter(({ href }) => href).map(({ text }) => text)).toEqual([
    '"https://files.example.org/files/1/content?token=1"',
  ]);
  expect(JSON.parse(pieces.map(({ text }) => text).join(''))).toEqual(event);
  expect(pieces.map(({ text }) => text).join('')).toContain('a\\u202egpj.exe');
  expect(shortJson(event, 300)).not.toContain('\u202e');
});
