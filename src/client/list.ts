import type { ClientContext, CommonOptions } from './client-command.ts';
import { printTable } from './output.ts';
import { listPlaces } from './places.ts';
import { filePages, isFileId, listVersions, PAGE_SIZE, parsePlace, type RemoteFile } from './remote-files.ts';
import { formatSize } from './text.ts';

export interface ListOptions extends CommonOptions {
  limit?: number;
  recursive: boolean;
}

/** Prints lists: a table on a terminal, tab-separated lines in a pipe, or JSON lines. */
export async function list(context: ClientContext, id: string | undefined, options: ListOptions): Promise<void> {
  const rows = id === undefined ? placeRows(context) : fileRows(context, id, options);
  const { output } = context;
  const isTable = process.stdout.isTTY && !output.isJson;
  const table: string[][] = [];
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  for await (const { data, cells, shown } of rows) {
    if (isTable) table.push(shown ?? cells);
    else output.result(data, cells);
    if (table.length === PAGE_SIZE) printTable(table.splice(0));
    left -= 1;
    if (left <= 0 || output.isClosed) break;
  }
  printTable(table);
}

interface Row {
  data: object;
  cells: string[];
  /** The cells on a terminal, if they are others. */
  shown?: string[];
}

async function* placeRows({ connection, signal }: ClientContext): AsyncGenerator<Row, void, undefined> {
  for await (const place of listPlaces(connection, signal)) yield { data: place, cells: [place.id, place.title] };
}

async function* fileRows(
  { connection, signal }: ClientContext,
  id: string,
  { recursive, limit = PAGE_SIZE }: ListOptions,
): AsyncGenerator<Row, void, undefined> {
  if (isFileId(id)) {
    for (const file of await listVersions(connection, id, signal)) yield rowOf(file);
    return;
  }
  const pageSize = Math.min(PAGE_SIZE, limit);
  for await (const { files } of filePages(connection, parsePlace(id), { signal, recursive, pageSize }))
    for (const file of files) yield rowOf(file);
}

const rowOf = (file: RemoteFile): Row => {
  const { id, name, size, createdAt, version } = file;
  return {
    data: file,
    cells: [id, String(size), createdAt, `v${version}`, name],
    shown: [id, formatSize(size).padStart(10), createdAt.slice(0, 16).replace('T', ' '), `v${version}`, name],
  };
};
