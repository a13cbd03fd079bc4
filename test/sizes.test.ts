import { expect, test } from 'vitest';
import { formatSize as onCommandLine } from '../src/client/text.ts';
import { byteSize } from '../src/config/values.ts';
import { sharePage } from '../src/http/download/share-page.ts';
import { parseSize } from '../src/web/app/parse-size.ts';
import { formatSize as onPage } from '../src/web/files/format-size.ts';

const [, source = ''] = /const sizeOf = ([\s\S]+?\n\});\n/.exec(sharePage.html) ?? [];
const onSharePage = new Function(`return ${source}`)() as typeof onPage;

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [1000 * 1024, '1000 KiB'],
  [1024 ** 2 - 1, '1 MiB'],
  [1024 ** 2 - 51, '1 MiB'],
  [1_500_000_000, '1.4 GiB'],
  [1024 ** 5, '1024 TiB'],
])('%i bytes are %s on the page, on that of share links and on the command line', (bytes, text) => {
  expect([onPage(bytes), onSharePage(bytes), onCommandLine(bytes)]).toEqual([text, text, text]);
});

test.each(['500 MiB', '500MB', '500m', '524288000'])(
  '%s is the same in a setting and in a field of the page',
  (text) => {
    expect([byteSize.parse(text), parseSize(text)]).toEqual([524_288_000, 524_288_000]);
  },
);
