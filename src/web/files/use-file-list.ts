import { useCallback, useMemo } from 'react';
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

  /** Whether a new file is the first one of the list, whatever it is. */
  const isPlain = !filter && (!orderBy || (orderBy.field === 'CREATED_AT' && orderBy.direction === 'DESC'));
  const insert = useCallback(
    (file: FileRowFragment, replaces?: string | null) => {
      if (isPlain) update((files) => withFile(files, file, replaces));
      else refetch();
    },
    [isPlain, update, refetch],
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

/** Replaces the row of the file or of its former version; a new file comes first. */
function withFile(files: readonly FileRowFragment[], file: FileRowFragment, replaces?: string | null) {
  const isSame = ({ id }: FileRowFragment) => id === file.id;
  if (files.some(isSame)) return files.map((row) => (isSame(row) ? file : row));
  return [file, ...files.filter(({ id }) => id !== replaces)];
}
