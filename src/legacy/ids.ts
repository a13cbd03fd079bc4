/** The largest id that there can be: PostgreSQL's `integer`, which every column of ids has. */
export const MAX_ID = 2 ** 31 - 1;

/** An id in decimal digits without leading zeros. Undefined for text that can be no row's id. */
export function parseId(text: string): number | undefined {
  const id = /^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN;
  return id <= MAX_ID ? id : undefined;
}
