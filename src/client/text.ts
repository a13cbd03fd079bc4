const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/**
 * A size for people, as the page and the settings of the server have it: `1.5 MiB` is 1,572,864.
 */
export function formatSize(bytes: number): string {
  let value = bytes;
  let power = 0;
  // A value that would be rounded to 1024 belongs to the next unit.
  for (; value >= 1023.95 && power < units.length - 1; power++) value /= 1024;
  return `${Math.round(value * 10) / 10} ${units[power]}`;
}
