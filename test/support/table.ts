export type Row = Record<string, string>;

/** Rows of a table whose columns stand under their headings, two spaces or more apart. */
export function table(text: string): Row[] {
  const [headings = [], ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
  return rows.map((cells) => Object.fromEntries(headings.map((heading, index) => [heading, cells[index] ?? ''])));
}
