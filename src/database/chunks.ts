/** Values of one statement. SQLite takes 32,766 of them, PostgreSQL 65,535; shorter lists are prepared more often. */
const CHUNK = 500;

/**
 * Reads, or writes, by a list of values that a caller may make as long as it likes: each statement gets a part of it, of
 * distinct values. Answers what all of them found, in the order of the parts.
 */
export async function inChunks<Value, Found = never>(
  values: Iterable<Value>,
  run: (some: Value[]) => Promise<readonly Found[] | number>,
): Promise<Found[]> {
  const all = [...new Set(values)];
  const found: Found[] = [];
  for (let from = 0; from < all.length; from += CHUNK) {
    const some = await run(all.slice(from, from + CHUNK));
    // One at a time: a list may have more items than a call takes arguments.
    if (typeof some !== 'number') for (const one of some) found.push(one);
  }
  return found;
}
