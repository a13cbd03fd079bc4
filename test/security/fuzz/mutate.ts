/** Pieces that parsers treat in a special way. */
const pieces = [
  ...[
    '\r\n',
    '\r\n\r\n',
    '\n',
    '\0',
    '--',
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    '[[[[[[[[',
    ':',
    ';',
    ',',
    '%',
    '%00',
    '%2e%2e%2f',
  ],
  ...[
    '../',
    '\u202e',
    '\ufeff',
    '\ud7ff\ue000',
    'e̊',
    '\xff\xfe',
    '__proto__',
    'constructor',
    'null',
    'true',
    '{}',
    '""',
  ],
  ...['-1', '0', '1e999', '1e-999', '-0', 'NaN', '9007199254740993', '2147483648', '18446744073709551616', '0x10'],
  ...[
    'Task:0',
    'Task:-1',
    'Task:99999999999999999999',
    'File:1',
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: 0\r\n',
  ],
  ...[
    'Expect: 100-continue\r\n',
    '$',
    '@',
    '#',
    '...',
    '"""',
    '\\u0000',
    '\\ud800',
    '@skip(if:true)',
    'fragment F on F{...F}',
  ],
].map((text) => Buffer.from(text));

/**
 * Mutates bytes one to four times. `random` returns numbers from 0 to below 1; `other` is spliced
 * in at times.
 */
export function mutate(bytes: Buffer, other: Buffer, random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit);
  const range = (of: Buffer, max: number) => {
    const start = below(of.length + 1);
    return of.subarray(start, start + below(max));
  };
  const replace = (of: Buffer, at: number, removed: number, inserted: Buffer) =>
    Buffer.concat([of.subarray(0, at), inserted, of.subarray(at + removed)]);
  const mutations: ((of: Buffer) => Buffer)[] = [
    (of) => replace(of, below(of.length), 1, Buffer.from([below(256)])),
    (of) => replace(of, below(of.length), below(40), Buffer.alloc(0)),
    (of) => replace(of, below(of.length), 0, range(of, 200)),
    (of) => replace(of, below(of.length), 0, range(other, 200)),
    (of) => replace(of, below(of.length), below(8), pieces[below(pieces.length)] as Buffer),
    (of) => replaceNumber(of, pieces[below(pieces.length)] as Buffer, random),
    (of) => of.subarray(0, below(of.length + 1)),
    (of) => replace(of, below(of.length), 0, Buffer.alloc(below(3000), pieces[below(pieces.length)])),
  ];
  let mutated = bytes;
  for (let count = 1 + below(4); count > 0; count -= 1)
    mutated = (mutations[below(mutations.length)] as (of: Buffer) => Buffer)(mutated);
  return mutated;
}

/** Replaces one of the numbers in the bytes. */
function replaceNumber(bytes: Buffer, by: Buffer, random: () => number): Buffer {
  const found = [...bytes.toString('latin1').matchAll(/\d+/g)];
  const chosen = found[Math.floor(random() * found.length)];
  if (!chosen) return bytes;
  return Buffer.concat([bytes.subarray(0, chosen.index), by, bytes.subarray(chosen.index + chosen[0].length)]);
}
