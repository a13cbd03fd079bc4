import { expect, test } from 'vitest';
import { ContentBypass } from '../../../src/http/multipart/content-bypass.ts';
import type { FilePart } from '../../../src/http/multipart/file-part.ts';

const DELIMITER = '\r\n--b';
const noWait = () => {};

/** A bypass in the middle of the content of a part, and what it writes to the part. */
function withinContent() {
  const bypass = new ContentBypass('multipart/form-data; boundary=b');
  const written: string[] = [];
  const part = { isEnded: false, write: (bytes: Buffer) => written.push(bytes.toString()) } as unknown as FilePart;
  bypass.observe(part, 4, Buffer.from('some'));
  return { bypass, part, written };
}

test.each([
  ['long content', `${DELIMITER}\r\nname: x\r\n\r\n`, 'c'.repeat(5000), true],
  ['long content with what ends headers', `${DELIMITER}\r\nname: x\r\n\r\n`, `c\r\n\r\n${'c'.repeat(5000)}`, true],
  ['short content', `${DELIMITER}\r\nname: x\r\n\r\n`, `short${DELIMITER}${'c'.repeat(5000)}`, false],
  ['headers without an end', `${DELIMITER}\r\nname: x\r\n`, 'c'.repeat(5000), false],
])(
  'at a delimiter that it found, the parser reads one byte of long content, and all otherwise: %s',
  (_of, headers, content, isCut) => {
    const { bypass, part, written } = withinContent();
    const chunk = Buffer.from(`end${headers}${content}`);
    expect(bypass.pass(chunk, noWait)).toBe(3);
    const rest = chunk.subarray(3);
    const parsed = rest.subarray(0, bypass.lengthToParse(rest));
    expect(parsed.length).toBe(isCut ? headers.length + 1 : rest.length);
    if (!isCut) return;
    bypass.observe(part, 1, parsed);
    expect(bypass.pass(rest.subarray(parsed.length), noWait)).toBe(content.length - 1);
    expect(written).toEqual(['end', content.slice(1)]);
  },
);

test.each([0, 2])(
  'content stays with the parser when %i bytes of it came out of the beginning of a part',
  (cameOut) => {
    const { bypass, part } = withinContent();
    const chunk = Buffer.from(`end${DELIMITER}\r\nname: x\r\n\r\n${'c'.repeat(5000)}`);
    bypass.pass(chunk, noWait);
    const rest = chunk.subarray(3);
    const parsed = rest.subarray(0, bypass.lengthToParse(rest));
    bypass.observe(part, cameOut, parsed);
    expect(bypass.pass(rest.subarray(parsed.length), noWait)).toBe(0);
  },
);
