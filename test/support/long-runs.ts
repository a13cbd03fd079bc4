/** Characters and sequences that can make a regular expression backtrack when repeated. */
const signs = [
  ...[
    ' ',
    '\t',
    '\n',
    '.',
    '/',
    '\\',
    ':',
    '"',
    "'",
    '%',
    '_',
    '-',
    '+',
    '=',
    '@',
    ',',
    ';',
    '&',
    '*',
    '(',
    '[',
    '{',
    '<',
  ],
  ...['\0', '\u0301\u0323', '\ud800', '👍', '\u202e', '\u00a0', '\ufeff', 'İ', '0', '1', 'a', 'A'],
  ...[' .', '../', 'a.', 'a@a.', 'xn--', '%41', '%2', '\\"', '((', '[1,', '{"a":', 'Task:1 ', ';filename="', "UTF-8''"],
];

/** Texts of about `length` characters: each sequence repeated, alone and followed by an x. */
export function longRuns(length: number): string[] {
  return signs.flatMap((sign) => {
    const run = sign.repeat(Math.floor(length / sign.length));
    return [run, `${run}x`];
  });
}

/** Those that are valid in a header without encoding. */
export const headerRuns = (length: number): string[] =>
  longRuns(length).filter((run) => /^[\t\x20-\x7e]$/.test(run.slice(0, 1)) && /^[\t\x20-\x7e]+$/.test(run));
