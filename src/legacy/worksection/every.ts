import type { Listing } from '../../workspace/listing.ts';

const PAGE = 500;

/** All of a list: its clients know of no pages. */
export async function every<Row extends { id: number }>(list: Listing<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for (let after: number | undefined; ; ) {
    const rows = await list.page({ limit: PAGE, after });
    all.push(...rows);
    after = rows.at(-1)?.id;
    if (rows.length < PAGE) return all;
  }
}
