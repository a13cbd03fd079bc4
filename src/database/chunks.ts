/**
 * Values of one statement. SQLite takes 32,766 of them, PostgreSQL 65,535; shorter lists are
 * prepared more often.
 */
const CHUNK_SIZE = 500;

/** The parts of a list, in its order, each of at most `size` values. */
export function chunksOf<Value>(all: readonly Value[], size = CHUNK_SIZE): Value[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/**
 * Reads or writes by a list of values of any length: one statement for each chunk of the distinct
 * values. Returns what all of them found, in the order of the chunks.
 */
export async function inChunks<Value, Found = never>(
  values: Iterable<Value>,
  run: (some: Value[]) => Promise<readonly Found[] | number>,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const chunk of chunksOf([...new Set(values)])) {
    const some = await run(chunk);
    // One at a time: a list may have more items than a call takes arguments.
    if (typeof some !== 'number') for (const one of some) found.push(one);
  }
  return found;
}
