import { useCallback, useMemo, useRef } from 'react';
import type { CombinedError } from 'urql';
import { type Connection, type ReadPage, usePages } from '../api/use-pages.ts';
import type { FileFilter, FileOrder, FileRowFragment } from '../generated/graphql.ts';
import { allFilesQuery, placeFilesQuery } from './file-documents.ts';

export const NEWEST_FIRST: FileOrder = { field: 'CREATED_AT', direction: 'DESC' };

export interface FileListOptions {
  /** The place whose files are listed, as in `Task:1`; all files when omitted. */
  placeId?: string | undefined;
  filter?: FileFilter | undefined;
  orderBy?: FileOrder | undefined;
}

/** How long changes are collected for one refetch, in milliseconds. */
const REFETCH_MS = 300;

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

type FilePage = Connection<FileRowFragment> & { eventCursor: string | null };

function readFiles({ placeId, filter = {}, orderBy = NEWEST_FIRST }: FileListOptions): ReadPage<FilePage> {
  const always = { requestPolicy: 'network-only' } as const;
  return async (client, request) => {
    const variables = { ...request, filter, orderBy };
    if (!placeId) {
      const { data, error } = await client.query(allFilesQuery, variables, always);
      return { page: data?.files, error };
    }
    const { data, error } = await client.query(placeFilesQuery, { id: placeId, ...variables }, always);
    return { page: data?.node && 'files' in data.node ? data.node.files : undefined, error };
  };
}

/** The files of a place, or all files, newest first unless another order is given. */
export function useFileList({ placeId, filter, orderBy }: FileListOptions): FileListState {
  const key = JSON.stringify({ placeId, filter, orderBy });
  const read = useMemo(() => readFiles(JSON.parse(key) as FileListOptions), [key]);
  const { nodes, first, update, refetch, ...pages } = usePages<FileRowFragment, FilePage>(read);

  /** Whether the list has the order in which `withFile` inserts, and no condition. */
  const isPlain = !filter && (!orderBy || (orderBy.field === 'CREATED_AT' && orderBy.direction === 'DESC'));
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const refetchSoon = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(refetch, REFETCH_MS);
  }, [refetch]);
  const insert = useCallback(
    (file: FileRowFragment, replaces?: string | null) => {
      if (isPlain) update((files, hasMore) => withFile(files, hasMore, file, replaces));
      else refetchSoon();
    },
    [isPlain, update, refetchSoon],
  );
  const drop = useCallback(
    (ids: readonly string[]) => {
      const gone = new Set(ids);
      update((files) => files.filter(({ id }) => !gone.has(id)));
    },
    [update],
  );
  return { ...pages, files: nodes, eventCursor: first?.eventCursor ?? undefined, refetch, insert, drop };
}

/**
 * Puts a file into its place in the list, instead of its row before or that of its former version.
 * One that belongs after the last row is left out while more rows follow.
 */
function withFile(
  shown: readonly FileRowFragment[],
  hasMore: boolean,
  file: FileRowFragment,
  replaces?: string | null,
): FileRowFragment[] {
  const files = shown.filter(({ id }) => id !== file.id && id !== replaces);
  const index = files.findIndex((row) => isNewer(file, row));
  if (index < 0 && hasMore) return files;
  return files.toSpliced(index < 0 ? files.length : index, 0, file);
}

function isNewer(file: FileRowFragment, other: FileRowFragment): boolean {
  if (file.createdAt !== other.createdAt) return file.createdAt > other.createdAt;
  return databaseIdOf(file) > databaseIdOf(other);
}

const databaseIdOf = ({ id }: FileRowFragment) => Number(id.split(':')[1]);
