import { useCallback, useEffect, useRef, useState } from 'react';
import { type Client, type CombinedError, useClient } from 'urql';
import { type Change, PendingChanges } from './pending-changes.ts';

/** Items of one request, unless given. */
const PAGE_SIZE = 50;
/** A refetch reads at most this many items at once, which is the maximum of the server. */
export const MAX_PAGE_SIZE = 100;

/** What every page of a list of the schema has. */
export interface Connection<Node> {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

export interface PageRequest {
  first: number;
  after: string | null;
}

/** Reads one page. It must be stable while the same list is shown. */
export type ReadPage<Page> = (
  client: Client,
  request: PageRequest,
) => Promise<{ page: Page | undefined; error?: CombinedError | undefined }>;

/** A list that is loaded page by page. */
export interface Pages<Node, Page = Connection<Node>> {
  nodes: readonly Node[];
  /** The first page as it was read. */
  first: Page | undefined;
  /** True until the first page has arrived. */
  isLoading: boolean;
  isLoadingMore: boolean;
  hasMore: boolean;
  error: CombinedError | undefined;
  showMore(): void;
  /** Loads the list again, from its start. What is shown stays until the answer arrives. */
  refetch(): Promise<void>;
  /** Changes what is shown without loading it again. */
  update(change: Change<Node>): void;
}

interface Loaded<Node, Page> {
  nodes: Node[];
  first: Page;
  hasMore: boolean;
  cursor: string | null;
}

/** A list of the schema, page by page. A response to a list that is no longer shown is ignored. */
export function usePages<Node extends { id: string }, Page extends Connection<Node>>(
  read: ReadPage<Page>,
  pageSize = PAGE_SIZE,
): Pages<Node, Page> {
  const client = useClient();
  const [loaded, setLoaded] = useState<Loaded<Node, Page>>();
  const [error, setError] = useState<CombinedError>();
  const [isLoadingMore, setIsLoadingMore] = useState(false);
  const generation = useRef(0);
  const count = useRef(0);
  count.current = loaded?.nodes.length ?? 0;
  const [pending] = useState(() => new PendingChanges<Node>());
  const readPage = useCallback(
    (request: PageRequest) => pending.during(() => read(client, request)),
    [client, read, pending],
  );

  const refetch = useCallback(async () => {
    generation.current += 1;
    const current = generation.current;
    const first = Math.min(MAX_PAGE_SIZE, Math.max(pageSize, count.current));
    const { page, error, changed } = await readPage({ first, after: null });
    if (current !== generation.current) return;
    setIsLoadingMore(false);
    setError(error);
    if (page) setLoaded({ nodes: changed(page.nodes, page.pageInfo.hasNextPage), first: page, ...endOf(page) });
  }, [readPage, pageSize]);

  useEffect(() => {
    setLoaded(undefined);
    setError(undefined);
    count.current = 0;
    refetch();
    return () => {
      generation.current += 1;
    };
  }, [refetch]);

  const showMore = useCallback(async () => {
    if (!loaded?.hasMore || isLoadingMore) return;
    const current = generation.current;
    setIsLoadingMore(true);
    const { page, error, changed } = await readPage({ first: pageSize, after: loaded.cursor });
    if (current !== generation.current) return;
    setIsLoadingMore(false);
    setError(error);
    if (!page) return;
    setLoaded((before) => {
      if (!before) return before;
      const end = endOf(page);
      return { ...before, ...end, nodes: changed(append(before.nodes, page.nodes), end.hasMore) };
    });
  }, [readPage, pageSize, loaded, isLoadingMore]);

  const update = useCallback(
    (change: Change<Node>) => {
      pending.add(change);
      setLoaded((before) => before && { ...before, nodes: change(before.nodes, before.hasMore) });
    },
    [pending],
  );

  return {
    nodes: loaded?.nodes ?? [],
    first: loaded?.first,
    isLoading: !loaded && !error,
    isLoadingMore,
    hasMore: loaded?.hasMore ?? false,
    error,
    showMore,
    refetch,
    update,
  };
}

const endOf = ({ pageInfo }: Connection<unknown>) => ({ hasMore: pageInfo.hasNextPage, cursor: pageInfo.endCursor });

/** An item that was inserted meanwhile is not shown twice. */
function append<Node extends { id: string }>(before: readonly Node[], next: readonly Node[]): Node[] {
  const shown = new Set(before.map(({ id }) => id));
  return [...before, ...next.filter(({ id }) => !shown.has(id))];
}
