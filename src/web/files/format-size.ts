import { format, messages } from '../messages/messages.ts';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** A size for people, in binary units, as in `1.4 MiB`. */
export function formatSize(bytes: number): string {
  const { units } = messages.files;
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return format(messages.files.size, { value: number.format(bytes / 1024 ** power), unit: units[power] ?? '' });
}
