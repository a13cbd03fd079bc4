import { type PageInfoShape, resolveCursorConnection } from '@pothos/plugin-relay';
import { BadUserInputError, excerpt } from '../errors.ts';
import { builder } from './builder.ts';
import type { GraphQLContext } from './context.ts';
import { SCAN } from './cost.ts';
import { reserveTexts } from './reserve-texts.ts';

/** Items of a page when neither `first` nor `last` is given, and at most. */
const DEFAULT_PAGE = 25;
const MAX_PAGE = 100;
/** More characters than any cursor has, even one of the longest file name. */
const MAX_CURSOR = 4096;

/**
 * A list that is read in pages by key, and counted only when a query selects `totalCount`. Its
 * statements run within the budget of the request; see `database/scans.ts`.
 */
export interface KeyedListing<Row, Key> {
  page(request: {
    limit: number;
    after?: Key | undefined;
    before?: Key | undefined;
    inverted?: boolean;
  }): Promise<Row[]>;
  count(): Promise<number>;
  /** Whether the value of a cursor is a key of this list. Without it, keys are integers. */
  isKey?(key: unknown): key is Key;
}

export interface PageArgs {
  first?: number | null | undefined;
  last?: number | null | undefined;
  after?: string | null | undefined;
  before?: string | null | undefined;
}

export interface Page<Row> {
  edges: { cursor: string; node: Row }[];
  pageInfo: PageInfoShape;
  count: () => Promise<number>;
}

/**
 * Reads the page of a list that the arguments select. The key of a row becomes its cursor. Throws
 * `BadUserInputError` for invalid sizes and cursors.
 */
export async function connect<Row extends object, Key>(
  context: GraphQLContext,
  listing: KeyedListing<Row, Key>,
  args: PageArgs,
  keyOf: (row: Row) => Key,
): Promise<Page<Row>> {
  if (args.first != null && args.last != null) throw new BadUserInputError('Give "first" or "last", not both.');
  assertPageSize('first', args.first);
  assertPageSize('last', args.last);
  const connection = await resolveCursorConnection(
    { args, toCursor: () => '', defaultSize: DEFAULT_PAGE, maxSize: MAX_PAGE },
    async ({ limit, after, before, inverted }) => {
      const bounds = { after: parseCursor(listing, after), before: parseCursor(listing, before) };
      const rows = await listing.page({ limit, inverted, ...bounds });
      await reserveTexts(context, rows);
      return rows;
    },
  );
  const { edges: pairs, pageInfo } = connection as Omit<Page<Row>, 'count'>;
  const edges = pairs.map(({ node }) => new LazyEdge(node, () => toCursor(keyOf(node))));
  const cursors = { startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null };
  return { edges, pageInfo: { ...pageInfo, ...cursors }, count: () => listing.count() };
}

/** An edge whose cursor is encoded only when a query selects it. */
export class LazyEdge<Node> {
  readonly node: Node;
  readonly #cursorOf: () => string;

  constructor(node: Node, cursorOf: () => string) {
    this.node = node;
    this.#cursorOf = cursorOf;
  }

  get cursor(): string {
    return this.#cursorOf();
  }
}

/**
 * Returns the page size of a list that is read forward only. Throws `BadUserInputError` for an
 * invalid one.
 */
export function pageSize(first: number | null | undefined): number {
  if (first == null) return DEFAULT_PAGE;
  if (first < 1) throw new BadUserInputError('"first" has to be at least 1.');
  assertPageSize('first', first);
  return first;
}

/**
 * Refuses page sizes beyond the maximum. A client would take a page that is silently smaller for
 * the whole list.
 */
function assertPageSize(name: 'first' | 'last', requested: number | null | undefined): void {
  if (requested != null && requested > MAX_PAGE)
    throw new BadUserInputError(
      `"${name}" is ${requested}; one page has at most ${MAX_PAGE}. Read the rest with "after" or "before".`,
    );
}

/** Encodes the key of a row as an opaque cursor. */
export const toCursor = (key: unknown): string => Buffer.from(JSON.stringify([key])).toString('base64url');

function parseCursor<Row, Key>({ isKey }: KeyedListing<Row, Key>, cursor: string | undefined): Key | undefined {
  if (cursor === undefined) return undefined;
  const key = decodeCursor(cursor);
  if (isKey ? isKey(key) : Number.isSafeInteger(key)) return key as Key;
  throw new BadUserInputError(
    `"${excerpt(cursor)}" is not a cursor of this list. Use one that it gave you, in the same order.`,
  );
}

function decodeCursor(cursor: string): unknown {
  if (cursor.length > MAX_CURSOR) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())[0];
  } catch {
    return undefined; // The caller reports it.
  }
}

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'Number of items in the whole list that you may see. It is counted only when a query selects it.',
    resolve(connection, _args, { budget }) {
      budget.addCost(SCAN);
      return connection.count();
    },
  }),
);
