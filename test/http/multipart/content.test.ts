import { expect, test } from 'vitest';
import { sha256 } from '../../support/download.ts';
import { randomOf } from '../../support/random-changes.ts';
import { BOUNDARY, chunk, closing, file, head, preface, RawClient } from '../../support/raw-http.ts';
import { startTestServer } from '../../support/server.ts';

/** Content that nearly ends its part, again and again. */
const fragments = [
  '\r',
  '\n',
  '\r\n',
  '\r\n-',
  '\r\r\n--',
  `\r\n--${BOUNDARY.slice(0, 5)}`,
  `\r\n--${BOUNDARY.slice(0, -1)}`,
  `\r\n--${BOUNDARY.slice(0, -1)}S`,
  `--${BOUNDARY}`,
  `\n--${BOUNDARY}\r`,
  'plain text ',
  'x'.repeat(60),
];

test.each([1, 2, 3, 4, 5, 6])(
  'stores content that resembles the boundary unchanged, however the body is cut (seed %i)',
  async (seed) => {
    const random = randomOf(seed);
    const below = (limit: number) => Math.floor(random() * limit);
    // Each content begins with one of these: `--` and the boundary would end it at once.
    const beginnings = ['content: ', '-', '--', '\r', '\n', '\r\n', '\r\n\r\n', '\r\n--', 'x\r\n\r\n', `-${BOUNDARY}`];
    const hostile = (count: number) =>
      [beginnings[below(beginnings.length)], ...Array.from({ length: count }, () => fragments[below(fragments.length)])]
        .join('')
        .replaceAll(`\r\n--${BOUNDARY}`, 'the end of a part');
    await using server = await startTestServer();
    for (let round = 0; round < 12; round++) {
      // Content of many kilobytes goes past the parser, from its first byte if the part before did.
      const contents = Array.from(
        { length: 4 },
        () => hostile(below(200)) + 'x'.repeat(below(100_000)) + hostile(below(200)),
      );
      const form = Buffer.concat([
        preface(contents.length),
        ...contents.map((content, index) => file(`${index}`, `${index}.txt`, content)),
        closing(),
      ]);
      using client = await RawClient.open(server);
      const longest = [3, 30, 300, 3000, 30_000, 300_000][round % 6] as number;
      const pieces: Buffer[] = [];
      for (let at = 0, end = 0; at < form.length; at = end) {
        end = Math.min(form.length, at + 1 + below(longest));
        pieces.push(chunk(form.subarray(at, end)));
      }
      // The server reads each chunk of the body by itself, however many arrive together.
      await client.send(Buffer.concat([Buffer.from(head(server, {})), ...pieces, chunk(Buffer.alloc(0))]));
      const { body } = await client.answer();
      expect(body.data?.uploadTaskFiles?.files.map((stored) => stored.sha256)).toEqual(
        contents.map((content) => sha256(content)),
      );
    }
  },
);
