import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../../auth/permissions.ts';
import { BadUserInputError } from '../../errors.ts';
import type { ReceiveOutcome } from '../../uploads/receive.ts';
import type { LegacyForm, LegacyOptions } from '../api.ts';
import { readJsonObject } from '../json.ts';
import { isForm, queryOf } from '../request.ts';
import { parseRouteId } from './route.ts';

/** How many file ids one call may have. */
const MAX_FILES = 1000;

/**
 * The files of a call: ids of stored files, and received ones. Disposing removes files without a
 * row.
 */
export interface FileInput extends AsyncDisposable {
  fileIds: number[];
  outcomes: ReceiveOutcome[];
}

/**
 * Reads the ids of stored files from JSON, a form of either kind, or the query string, under any
 * name that clients use, and the files that a form carries. No ids are an empty list. Throws
 * `BadUserInputError`, `PayloadTooLargeError` and `RequestTimeoutError`.
 */
export async function readFileInput(
  options: LegacyOptions,
  request: IncomingMessage,
  viewer: Viewer,
  isFile?: (field: string) => boolean,
): Promise<FileInput> {
  const query = [...queryOf(request)];
  if (isForm(request)) {
    const form = await options.readForm(request, viewer, isFile);
    return parseForm(form, [...form.fields, ...query]);
  }
  const members = flattenLists(await readJsonObject(options, request, viewer));
  return { fileIds: parseFileIds([...members, ...query]), outcomes: [], async [Symbol.asyncDispose]() {} };
}

/** Reads file ids alone; files in a form are skipped. Throws as `readFileInput`. */
export async function readFileIds(options: LegacyOptions, request: IncomingMessage, viewer: Viewer): Promise<number[]> {
  await using given = await readFileInput(options, request, viewer, () => false);
  return given.fileIds;
}

async function parseForm(form: LegacyForm, entries: (readonly [string, unknown])[]): Promise<FileInput> {
  try {
    const files = form.files.map(({ outcome }) => outcome);
    return {
      fileIds: parseFileIds(entries),
      outcomes: files,
      [Symbol.asyncDispose]: () => form[Symbol.asyncDispose](),
    };
  } catch (error) {
    await form[Symbol.asyncDispose]();
    throw error;
  }
}

/** Repeats the name of a list for each of its items, as a form does. */
function flattenLists(members: [string, unknown][]): [string, unknown][] {
  return members.flatMap(([name, member]) =>
    (Array.isArray(member) ? member : [member ?? []].flat()).map((item): [string, unknown] => [name, item]),
  );
}

/**
 * The values of `files`, `files[]`, `files[0]`, and of `fileids` and `fileid` alike, in any case.
 */
function parseFileIds(entries: (readonly [string, unknown])[]): number[] {
  const ids = entries.flatMap(([name, value]) =>
    /^file(?:s|ids?)(?:\[\d*\])?$/i.test(name) ? [parseFileId(value)] : [],
  );
  if (ids.length > MAX_FILES) throw new BadUserInputError(`Name at most ${MAX_FILES} files at once.`);
  return [...new Set(ids)];
}

function parseFileId(value: unknown): number {
  if ((typeof value === 'string' || typeof value === 'number') && /^\s*-?\d+\s*$/.test(String(value)))
    return parseRouteId(String(value));
  throw new BadUserInputError('Files are named by their ids, which are whole numbers.');
}
