const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
const format = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** A readable size, as in `12 KB`: powers of 1024, at most two decimals. */
export function encodeSize(bytes: number): string {
  let size = bytes;
  let power = 0;
  for (; size >= 1024 && power < units.length - 1; power += 1) size /= 1024;
  return `${format.format(size)} ${units[power]}`;
}
