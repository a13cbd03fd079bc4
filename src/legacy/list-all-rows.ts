import type { RequestContext } from '../context.ts';
import type { Listing } from '../workspace/listing.ts';

const PAGE_SIZE = 100;

/** Bytes of memory that a row takes, read and encoded, without its text. */
const ROW_BYTES = 512;

/**
 * Reads all pages of a list, for clients without pagination. Throws `PayloadTooLargeError` if the
 * rows exceed the memory that one response may take.
 */
export async function listAllRows<Row extends { id: number; description?: string }>(
  { budget }: RequestContext,
  list: Listing<Row>,
): Promise<Row[]> {
  const all: Row[] = [];
  for (let after: number | undefined; ; ) {
    const page = { limit: PAGE_SIZE, after };
    const rows = await list.page(page);
    await budget.reserve(rows.reduce((sum, row) => sum + ROW_BYTES + (row.description?.length ?? 0), 0));
    all.push(...rows);
    after = rows.at(-1)?.id;
    if (rows.length < PAGE_SIZE) return all;
  }
}
