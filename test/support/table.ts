export type Row = Record<string, string>;

/** Parses a table whose columns start under their headings, at least two spaces apart. */
export function table(text: string): Row[] {
  const [headings = [], ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
  return rows.map((cells) => Object.fromEntries(headings.map((heading, index) => [heading, cells[index] ?? ''])));
}
