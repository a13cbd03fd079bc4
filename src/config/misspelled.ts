import { environment } from './environment.ts';

/**
 * The most edits between a misspelled name and a setting, and the length of the shortest names that
 * are compared.
 */
const MAX_EDITS = 2;
const MIN_LENGTH = 7;

/**
 * Names variables that are nearly a setting, as in `MAX_FILSIZE`: such variables have no effect,
 * and the warning says so. Returns one sentence for each.
 */
export function misspelledSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  const names = Object.keys(environment.shape);
  return Object.keys(env)
    .filter((name) => name.length >= MIN_LENGTH && !names.includes(name))
    .flatMap((name) => {
      const similar = names.find(
        (one) => one.length >= MIN_LENGTH && editDistance(name.toUpperCase(), one) <= MAX_EDITS,
      );
      return similar ? [`${name} is set and is no setting; ${similar} is one.`] : [];
    });
}

/** Letters to change, add or leave out. https://en.wikipedia.org/wiki/Levenshtein_distance */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MAX_EDITS) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (let at = 1; at <= b.length; at++) {
      const replaced = (row[at - 1] as number) + (letter === b[at - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[at] as number) + 1, (next[at - 1] as number) + 1));
    }
    row = next;
  }
  return row.at(-1) as number;
}
