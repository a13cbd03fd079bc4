import type { SqlCondition } from '../auth/access-sql.ts';
import type { File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { allOf, anyOf, condition } from './conditions.ts';

/** What a listing is sorted by; rows with equal values are sorted by id, in the same direction. */
export interface FileOrder {
  by: 'createdAt' | 'nameKey' | 'size';
  direction: 'ASC' | 'DESC';
}

/**
 * The sort key of a row, from which cursors are made: the property that the listing is sorted by,
 * its value (a date in milliseconds since 1970), and the row's id.
 */
export type FileSortKey = [by: FileOrder['by'], value: string | number, id: number];

/**
 * A page of a listing: at most `limit` rows after one key and before another, in reverse when
 * `inverted`.
 */
export interface FilePageRequest {
  limit: number;
  after?: FileSortKey | undefined;
  before?: FileSortKey | undefined;
  inverted?: boolean | undefined;
}

/** The statements of one listing. */
interface Queries<Listed> {
  /**
   * Reads rows that fulfil all of the conditions, if there are any. The last `?` of `orderAndLimit`
   * is the limit.
   */
  read(conditions: readonly SqlCondition[], orderAndLimit: string, limit: number): Promise<Listed[]>;
  /** Counts all rows of the listing. */
  count(): Promise<number>;
}

const columnOf: Record<FileOrder['by'], string> = { createdAt: 'created_at', nameKey: 'name_key', size: 'size' };

/**
 * A listing that is read page by page, each beginning at a sort key (keyset pagination,
 * https://use-the-index-luke.com/no-offset). `alias` is the table that has the columns to sort by.
 */
export function paginateByKey<Listed extends { readonly id: number } & Pick<Row<File>, FileOrder['by']>>(
  alias: string,
  { by, direction }: FileOrder,
  { read, count }: Queries<Listed>,
) {
  const column = `${alias}.${columnOf[by]}`;
  // The first condition bounds the range of the index that is read, the second decides between
  // equal values. As one condition with "or" the databases would read the index from its start.
  const beyond = ([, value, id]: FileSortKey, forward: boolean): SqlCondition => {
    const sign = forward === (direction === 'ASC') ? '>' : '<';
    const bound = by === 'createdAt' ? new Date(value) : value;
    return allOf(
      condition(`${column} ${sign}= ?`, bound),
      anyOf(condition(`${column} ${sign} ?`, bound), condition(`${alias}.id ${sign} ?`, id)),
    );
  };
  return {
    /** Reads a page. */
    page({ limit, after, before, inverted }: FilePageRequest): Promise<Listed[]> {
      const bounds = [...(after ? [beyond(after, true)] : []), ...(before ? [beyond(before, false)] : [])];
      const sorted = (direction === 'ASC') !== (inverted ?? false) ? 'asc' : 'desc';
      return read(bounds, `order by ${column} ${sorted}, ${alias}.id ${sorted} limit ?`, limit);
    },
    count,
    /** Whether a decoded cursor is a sort key of this order. */
    isKey: (key: unknown): key is FileSortKey =>
      Array.isArray(key) && key[0] === by && isSortValue(by, key[1]) && Number.isSafeInteger(key[2]),
    keyOf: (row: Listed): FileSortKey => {
      const value = row[by];
      return [by, value instanceof Date ? value.getTime() : value, row.id];
    },
  };
}

function isSortValue(by: FileOrder['by'], value: unknown): boolean {
  if (by === 'nameKey') return typeof value === 'string';
  return Number.isSafeInteger(value) && (by === 'size' || isDateTime(value as number));
}

/** Whether a number of milliseconds is within the years that a `DateTime` can have. */
const isDateTime = (ms: number) => ms >= MIN_DATE_TIME && ms <= MAX_DATE_TIME;
const MIN_DATE_TIME = Date.parse('0001-01-01T00:00:00Z');
const MAX_DATE_TIME = Date.parse('9999-12-31T23:59:59.999Z');
