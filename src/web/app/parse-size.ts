const UNITS = ['', 'K', 'M', 'G', 'T'];

/** Bytes of `500 MiB` or `2G`; null for an empty text, and undefined for anything else. */
export function parseSize(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  const bytes = Math.floor(Number(digits) * 1024 ** UNITS.indexOf(unit.toUpperCase()));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** A whole number; null for an empty text, and undefined for anything else. */
export function parseCount(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}

/** A size as `parseSize` reads it, without a loss: in the largest unit that gives a whole number. */
export function sizeText(bytes: number): string {
  let power = 0;
  let value = bytes;
  while (value >= 1024 && value % 1024 === 0 && power < UNITS.length - 1) {
    value /= 1024;
    power++;
  }
  return power === 0 ? String(value) : `${value} ${UNITS[power]}iB`;
}
