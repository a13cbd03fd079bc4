import { fileTypeFromBuffer } from 'file-type';
import { expect, test } from 'vitest';
import { SignatureParser } from '../../../src/files/inspect/signature-parser.ts';
import { randomOf } from '../../support/random-changes.ts';

/** Texts that the parser searches for, at the beginning or further on, and bytes of other formats. */
const fragments = [
  ...['ID3', 'FLIF', '8BPS', 'FORM', 'OggS', 'fLaC', '%PDF-1.7', '%!PS-Adobe-3.0 EPSF-3.0', 'RIFF', 'WEBP', 'WAVE'],
  ...['wOFF', 'OTTO', 'SQLi', 'Cr24', 'MSCF', '!<arch>', 'ftypisom', 'ftypheic', 'gimp xcf ', '{\\rtf1', 'BLENDER'],
  ...['<?xml version="1.0"?>', '<svg ', 'BEGIN:VCARD', 'VERSION:3.0', 'BEGIN:VCALENDAR', 'GIF89a', 'BM', 'MZ', 'PK'],
  ...['\xff\xfe<\0?\0x\0m\0l\0 \0', '\xfe\xff\0<\0?\0x\0m\0l\0 ', '\xef\xbb\xbf', '\0\0\0\x20', '\x89PNG\r\n\x1a\n'],
  ...['\xff\xd8\xff', '\x1a\x45\xdf\xa3', '\0\x01\0\0', '\x1f\x8b\x08', 'LZIP', 'drac', 'ISO-8859', '\n', '\r\n', '\t'],
];

test('detects the type that file-type detects', async () => {
  const random = randomOf(1);
  const below = (limit: number) => Math.floor(random() * limit);
  const types = new Set<string | undefined>();
  for (let round = 0; round < 5000; round++) {
    const texts = Array.from({ length: 1 + below(4) }, () => fragments[below(fragments.length)] as string);
    const head = Buffer.from(texts.join('\0'.repeat(below(5))) + 'x'.repeat(below(300)), 'latin1');
    const detect = (detection: Promise<{ mime: string } | undefined>) => detection.then((type) => type?.mime, String);
    const type = await detect(new SignatureParser().fromBuffer(head));
    expect(type, JSON.stringify(texts)).toBe(await detect(fileTypeFromBuffer(head)));
    types.add(type);
  }
  expect(types.size).toBeGreaterThan(25);
});
