const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const LOCALE = 'en';

/** A number of bytes for people, as in `3.4 MB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return new Intl.NumberFormat(LOCALE, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: bytes / 1000 ** power < 100 && power > 0 ? 1 : 0,
  }).format(bytes / 1000 ** power);
}

/** A duration for people, as in `45 sec`, `3 min` or `2 hr`. */
export function formatSeconds(seconds: number): string {
  const [value, unit] =
    seconds < 60 ? [seconds, 'second'] : seconds < 3600 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour'];
  const options = { style: 'unit', unit: unit as string, unitDisplay: 'short' } as const;
  return new Intl.NumberFormat(LOCALE, options).format(Math.ceil(value as number));
}

/** The whole percent of what was sent. */
export const percentOf = (sent: number, total: number): number =>
  total === 0 ? 0 : Math.min(100, Math.floor((sent / total) * 100));
