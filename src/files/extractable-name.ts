import { parse } from 'node:path';
import { cutName } from './file-name.ts';

/**
 * Characters that Windows does not allow in names:
 * https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
 */
const unsafe = /[<>:"/\\|?*\p{Cc}]/gu;
const unsafeEnd = /[. ]+$/;
/** Names of Windows devices, with any extension. */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\.|$)/i;

/**
 * Changes a name so that every system can extract the file, and that it cannot lead to another
 * folder: https://security.snyk.io/research/zip-slip-vulnerability
 */
function toExtractableName(name: string): string {
  const safe = name.toWellFormed().replace(unsafe, '_').replace(unsafeEnd, '_') || '_';
  if (!device.test(safe)) return safe;
  const { name: stem, ext } = parse(safe);
  return cutName(`_${stem}`, ext);
}

/** Returns the same key for all names that some file system treats as one. */
const collisionKey = (name: string): string =>
  isAscii.test(name) ? name.toLowerCase() : name.normalize('NFD').toLowerCase().toUpperCase().toLowerCase();
const isAscii = /^[ -~]*$/;

/**
 * Returns a function that gives each file of one archive a unique name, which every system can
 * extract. Names are unique even where upper and lower case, or Unicode compositions of a letter,
 * are the same. A name that is used already gets a number before its extension. Long names are cut
 * to fit the number; the next number is stored for each cut name, so that no number is tried twice,
 * however many long names have the same beginning.
 */
export function archiveNames(): (name: string) => string {
  const taken = new Set<string>();
  const nextNumbers = new Map<string, number>();
  const take = (name: string) => {
    const key = collisionKey(name);
    if (taken.has(key)) return false;
    taken.add(key);
    return true;
  };
  return (name) => {
    const safe = toExtractableName(name);
    if (take(safe)) return safe;
    const { name: stem, ext } = parse(safe);
    for (let digits = 1; ; digits++) {
      const key = collisionKey(cutName(stem, ` (${'0'.repeat(digits)})${ext}`));
      for (let number = nextNumbers.get(key) ?? Math.max(2, 10 ** (digits - 1)); number < 10 ** digits; ) {
        const next = cutName(stem, ` (${number++})${ext}`);
        nextNumbers.set(key, number);
        if (take(next)) return next;
      }
    }
  };
}
