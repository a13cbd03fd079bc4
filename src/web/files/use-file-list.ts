import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Client, type CombinedError, useClient } from 'urql';
import type { AllFilesQuery, FileFilter, FileOrder, FileRowFragment } from '../generated/graphql.ts';
import { allFilesQuery, placeFilesQuery } from './file-documents.ts';

/** Rows of one request. */
const PAGE_SIZE = 50;
/** A refetch reads at most this many rows at once, which is the maximum of the server. */
const MAX_PAGE_SIZE = 100;

export const NEWEST_FIRST: FileOrder = { field: 'CREATED_AT', direction: 'DESC' };

export interface FileListOptions {
  /** The place whose files are listed, as in `Task:1`; all files when omitted. */
  placeId?: string | undefined;
  filter?: FileFilter;
  orderBy?: FileOrder;
}

/** A list of files that is loaded page by page, and can be changed without loading it again. */
export interface FileListState {
  files: readonly FileRowFragment[];
  /** True until the first page has arrived. */
  isLoading: boolean;
  isLoadingMore: boolean;
  hasMore: boolean;
  error: CombinedError | undefined;
  /** The position in the log of events as of the first page; subscribe with it as `after`. */
  eventCursor: string | undefined;
  showMore(): void;
  /** Loads the list again, from its start. What is shown stays until the answer arrives. */
  refetch(): Promise<void>;
  /** Shows a file that was added or changed. `replaces` is the id of the version before it. */
  insert(file: FileRowFragment, replaces?: string | null): void;
  /** Drops files that were removed or detached. */
  drop(ids: readonly string[]): void;
}

type Connection = AllFilesQuery['files'];

interface Loaded {
  files: FileRowFragment[];
  hasMore: boolean;
  cursor: string | null;
  eventCursor: string | undefined;
}

async function readPage(client: Client, options: FileListOptions, first: number, after: string | null) {
  const { placeId, filter = {}, orderBy = NEWEST_FIRST } = options;
  const variables = { first, after, filter, orderBy };
  const always = { requestPolicy: 'network-only' } as const;
  if (!placeId) {
    const { data, error } = await client.query(allFilesQuery, variables, always);
    return { connection: data?.files as Connection | undefined, error };
  }
  const { data, error } = await client.query(placeFilesQuery, { id: placeId, ...variables }, always);
  const connection = data?.node && 'files' in data.node ? (data.node.files as Connection) : undefined;
  return { connection, error };
}

/** The files of a place, or all files, newest first unless another order is given. */
export function useFileList({ placeId, filter, orderBy = NEWEST_FIRST }: FileListOptions): FileListState {
  const client = useClient();
  const [loaded, setLoaded] = useState<Loaded>();
  const [error, setError] = useState<CombinedError>();
  const [isLoadingMore, setIsLoadingMore] = useState(false);
  const key = JSON.stringify([placeId, filter, orderBy]);
  const options = useMemo<FileListOptions>(() => {
    const [id, conditions, order] = JSON.parse(key);
    return { placeId: id ?? undefined, filter: conditions ?? undefined, orderBy: order };
  }, [key]);
  // The answer to a question that is no longer asked is ignored.
  const generation = useRef(0);
  const count = useRef(0);
  count.current = loaded?.files.length ?? 0;

  const refetch = useCallback(async () => {
    generation.current += 1;
    const current = generation.current;
    const first = Math.min(MAX_PAGE_SIZE, Math.max(PAGE_SIZE, count.current));
    const { connection, error } = await readPage(client, options, first, null);
    if (current !== generation.current) return;
    setIsLoadingMore(false);
    setError(error);
    if (connection) setLoaded(toLoaded(connection));
  }, [client, options]);

  useEffect(() => {
    setLoaded(undefined);
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
    const { connection, error } = await readPage(client, options, PAGE_SIZE, loaded.cursor);
    if (current !== generation.current) return;
    setIsLoadingMore(false);
    setError(error);
    if (connection) setLoaded((before) => before && append(before, toLoaded(connection)));
  }, [client, options, loaded, isLoadingMore]);

  const isPlain = !filter && orderBy.field === 'CREATED_AT' && orderBy.direction === 'DESC';
  const insert = useCallback(
    (file: FileRowFragment, replaces?: string | null) => {
      if (isPlain) setLoaded((before) => before && withFile(before, file, replaces));
      else refetch();
    },
    [isPlain, refetch],
  );
  const drop = useCallback((ids: readonly string[]) => {
    const gone = new Set(ids);
    setLoaded((before) => before && { ...before, files: before.files.filter(({ id }) => !gone.has(id)) });
  }, []);

  return {
    files: loaded?.files ?? [],
    isLoading: !loaded && !error,
    isLoadingMore,
    hasMore: loaded?.hasMore ?? false,
    error,
    eventCursor: loaded?.eventCursor,
    showMore,
    refetch,
    insert,
    drop,
  };
}

function toLoaded({ nodes, pageInfo, eventCursor }: Connection): Loaded {
  return {
    files: nodes,
    hasMore: pageInfo.hasNextPage,
    cursor: pageInfo.endCursor ?? null,
    eventCursor: eventCursor ?? undefined,
  };
}

/** A file that was inserted meanwhile is not shown twice. */
function append(before: Loaded, next: Loaded): Loaded {
  const shown = new Set(before.files.map(({ id }) => id));
  const files = [...before.files, ...next.files.filter(({ id }) => !shown.has(id))];
  return { ...next, files, eventCursor: before.eventCursor };
}

/**
 * Puts a file into its place in the list, instead of its row before or that of its former version.
 * One that belongs after the last row is left out while more rows follow.
 */
function withFile(loaded: Loaded, file: FileRowFragment, replaces?: string | null): Loaded {
  const files = loaded.files.filter(({ id }) => id !== file.id && id !== replaces);
  const index = files.findIndex((row) => isNewer(file, row));
  if (index < 0 && loaded.hasMore) return { ...loaded, files };
  return { ...loaded, files: files.toSpliced(index < 0 ? files.length : index, 0, file) };
}

function isNewer(file: FileRowFragment, other: FileRowFragment): boolean {
  if (file.createdAt !== other.createdAt) return file.createdAt > other.createdAt;
  return databaseIdOf(file) > databaseIdOf(other);
}

const databaseIdOf = ({ id }: FileRowFragment) => Number(id.split(':')[1]);
