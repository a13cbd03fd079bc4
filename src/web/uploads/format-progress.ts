const LOCALE = 'en';

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
