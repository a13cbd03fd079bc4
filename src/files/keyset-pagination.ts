import type { SqlCondition } from '../auth/access-sql.ts';
import type { File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { allOf, anyOf, condition } from './conditions.ts';

/**
 * What a listing is sorted by; files with equal values are sorted by id, in the same direction.
 */
export interface FileOrder {
  by: 'createdAt' | 'nameKey' | 'size';
  direction: 'ASC' | 'DESC';
}

/**
 * The sort key of a row, from which cursors are made: the property that the listing is sorted by,
 * its value (a date in milliseconds since 1970), and the id of the file.
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

/** The rows of a page, in SQL on the columns of a sort key: `value` is what is sorted by. */
export interface KeyRange {
  /** The column of files, and of attachments, that is sorted by. */
  readonly column: string;
  /** The bounds of the page; none for the first. */
  bounds(value: string, id: string): SqlCondition[];
  /** The order, and the limit of rows: that of the page, unless given. */
  orderAndLimit(value: string, id: string, limit?: number): string;
}

/** The statements of one listing. */
interface Queries<Listed> {
  /** The file of a row. */
  fileOf(row: Listed): Pick<Row<File>, 'id' | FileOrder['by']>;
  read(range: KeyRange): Promise<Listed[]>;
  /** Counts all rows of the listing. */
  count(): Promise<number>;
}

const columnOf: Record<FileOrder['by'], string> = { createdAt: 'created_at', nameKey: 'name_key', size: 'size' };

/**
 * A listing that is read page by page, each beginning at a sort key (keyset pagination,
 * https://use-the-index-luke.com/no-offset).
 */
export function paginateByKey<Listed>({ by, direction }: FileOrder, { fileOf, read, count }: Queries<Listed>) {
  // The first condition bounds the range of the index that is read, the second decides between
  // equal values. As one condition with "or" the databases would read the index from its start.
  const beyond = ([, keyValue, keyId]: FileSortKey, forward: boolean, value: string, id: string): SqlCondition => {
    const sign = forward === (direction === 'ASC') ? '>' : '<';
    const bound = by === 'createdAt' ? new Date(keyValue) : keyValue;
    return allOf(
      condition(`${value} ${sign}= ?`, bound),
      anyOf(condition(`${value} ${sign} ?`, bound), condition(`${id} ${sign} ?`, keyId)),
    );
  };
  return {
    /** Reads a page. */
    page({ limit, after, before, inverted }: FilePageRequest): Promise<Listed[]> {
      const sorted = (direction === 'ASC') !== (inverted ?? false) ? 'asc' : 'desc';
      return read({
        column: columnOf[by],
        bounds: (value, id) => [
          ...(after ? [beyond(after, true, value, id)] : []),
          ...(before ? [beyond(before, false, value, id)] : []),
        ],
        // Written as a number: SQLite prepares a statement again each time that a limit is bound.
        orderAndLimit: (value, id, rows = limit) =>
          `order by ${value} ${sorted}, ${id} ${sorted} limit ${Math.trunc(rows)}`,
      });
    },
    count,
    /** Whether a decoded cursor is a sort key of this order. */
    isKey: (key: unknown): key is FileSortKey =>
      Array.isArray(key) && key[0] === by && isSortValue(by, key[1]) && Number.isSafeInteger(key[2]),
    keyOf: (row: Listed): FileSortKey => {
      const { id, [by]: value } = fileOf(row);
      return [by, value instanceof Date ? value.getTime() : value, id];
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
