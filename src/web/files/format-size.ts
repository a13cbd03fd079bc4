import { format, messages } from '../messages/messages.ts';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1, useGrouping: false });

/** A size for people, as the settings of the server have it: `1.5 MiB` is 1,572,864 bytes. */
export function formatSize(bytes: number): string {
  const { units } = messages.files;
  let value = bytes;
  let power = 0;
  // A value that would be rounded to 1024 belongs to the next unit.
  for (; value >= 1023.95 && power < units.length - 1; power++) value /= 1024;
  return format(messages.files.size, { value: number.format(value), unit: units[power] ?? '' });
}
