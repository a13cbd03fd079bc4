import type { Connection } from './connection.ts';
import { documents } from './documents.ts';
import { ClientError, UsageError } from './errors.ts';
import { request } from './graphql.ts';

export interface RemoteFile {
  /** Of this version, as in `File:42`. */
  id: string;
  name: string;
  size: number;
  /** 64 hexadecimal digits. */
  sha256: string;
  contentType: string;
  createdAt: string;
  version: number;
  /** The ids of all versions; only where they were requested. */
  versions?: { id: string }[];
  /** What it is attached to; only where it was requested. */
  attachedTo?: { id: string }[];
}

export interface FilePage {
  files: RemoteFile[];
  /** Cursors of the files, in the same order. */
  cursors: string[];
  /** The position in the log of events as of this page. */
  eventCursor: string;
  hasNextPage: boolean;
  viewerCanAttach: boolean;
}

/** The most items of a page. */
export const PAGE_SIZE = 100;

/** Reads one version of a file. */
export async function getFile(connection: Connection, id: string, signal: AbortSignal): Promise<RemoteFile> {
  return (await request<{ file: RemoteFile }>(connection, documents.file, { id }, signal)).file;
}

/** All versions of a file, newest first. */
export async function listVersions(connection: Connection, id: string, signal: AbortSignal): Promise<RemoteFile[]> {
  return (await request<{ file: { versions: RemoteFile[] } }>(connection, documents.versions, { id }, signal)).file
    .versions;
}

export interface ListOptions {
  signal: AbortSignal;
  /** Also the files of the tasks of a project, and of the comments of a task. */
  recursive?: boolean;
  /** Also the ids of all versions of each file. */
  withVersions?: boolean;
  /** Also what each file is attached to. */
  withPlaces?: boolean;
  /** The cursor after which to start. */
  after?: string | undefined;
  pageSize?: number;
}

/** Reads the pages of the files on an attachable, oldest first. */
export async function* filePages(
  connection: Connection,
  place: string,
  { signal, recursive = false, withVersions = false, withPlaces = false, after, pageSize = PAGE_SIZE }: ListOptions,
): AsyncGenerator<FilePage, void, undefined> {
  const plainQuery = withPlaces ? documents.fileListWithPlaces : documents.fileList;
  const query = withVersions ? documents.fileListWithVersions : plainQuery;
  const include = recursive ? includeBelow(place) : null;
  for (let cursor = after; ; ) {
    const variables = { id: place, first: pageSize, after: cursor, include };
    const { node } = await request<ListData>(connection, query, variables, signal);
    if (!node) throw new ClientError(`Not found: ${place}`, { code: 'NOT_FOUND' });
    const { edges, pageInfo, eventCursor } = node.files;
    yield {
      files: edges.map((edge) => edge.node),
      cursors: edges.map((edge) => edge.cursor),
      eventCursor,
      hasNextPage: pageInfo.hasNextPage,
      viewerCanAttach: node.viewerCanAttach,
    };
    if (!pageInfo.hasNextPage) return;
    cursor = pageInfo.endCursor;
  }
}

interface ListData {
  node: {
    viewerCanAttach: boolean;
    files: {
      eventCursor: string;
      pageInfo: { hasNextPage: boolean; endCursor: string };
      edges: { cursor: string; node: RemoteFile }[];
    };
  } | null;
}

const includeBelow = (place: string) =>
  place.startsWith('Project:') ? 'TASKS' : place.startsWith('Task:') ? 'COMMENTS' : null;

/** All files on an attachable, whether the user may add files to it, and the position before. */
export async function listFiles(connection: Connection, place: string, options: ListOptions) {
  const files: RemoteFile[] = [];
  let viewerCanAttach = false;
  let eventCursor: string | undefined;
  for await (const page of filePages(connection, place, options)) {
    files.push(...page.files);
    viewerCanAttach = page.viewerCanAttach;
    eventCursor ??= page.eventCursor;
  }
  return { files, viewerCanAttach, eventCursor: eventCursor ?? '' };
}

const places = ['Project', 'Task', 'Comment', 'Contact', 'Opportunity', 'Case'];

export const isFileId = (id: string): boolean => /^File:[1-9]\d*$/.test(id);

/** Returns the id of an attachable, or throws `UsageError`. */
export function parsePlace(id: string): string {
  const [type = '', number = ''] = id.split(':', 2);
  if (!places.includes(type) || !/^[1-9]\d*$/.test(number) || id !== `${type}:${number}`)
    throw new UsageError(`"${id}" is not a place for files. Write it as in Task:1, with one of ${places.join(', ')}.`);
  return id;
}
