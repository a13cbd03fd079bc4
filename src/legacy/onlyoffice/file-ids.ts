import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../../auth/permissions.ts';
import { BadUserInputError } from '../../errors.ts';
import type { ReceiveOutcome } from '../../uploads/receive.ts';
import type { LegacyForm, LegacyOptions } from '../api.ts';
import { readJsonObject } from '../json.ts';
import { parseId } from './route.ts';

/** How many files one call may name. */
const MAX_FILES = 1000;

/** What a call names and carries. Disposing of it removes the files that no row has adopted. */
export interface FileInput extends AsyncDisposable {
  fileIds: number[];
  outcomes: ReceiveOutcome[];
}

/**
 * The ids of stored files from JSON, from a form of either kind and from the query string, by any of the names that
 * clients use; no list is an empty list. A form may carry files themselves. Throws `BadUserInputError`, `TooLarge`, `RequestTimeoutError`.
 */
export async function readFileInput(
  options: LegacyOptions,
  request: IncomingMessage,
  viewer: Viewer,
  isFile?: (field: string) => boolean,
): Promise<FileInput> {
  const query = [...new URLSearchParams((request.url ?? '').split('?').slice(1).join('?'))];
  const type = request.headers['content-type'] ?? '';
  if (/^\s*(?:multipart\/form-data|application\/x-www-form-urlencoded)/i.test(type)) {
    const form = await options.readForm(request, viewer, isFile);
    return parseForm(form, [...form.fields, ...query]);
  }
  const members = flattenLists(await readJsonObject(options, request, viewer));
  return { fileIds: parseFileIds([...members, ...query]), outcomes: [], async [Symbol.asyncDispose]() {} };
}

/** The same ids, of a call that takes no files: those that a form carries are skipped. Throws as `readFileInput`. */
export async function readFileIds(options: LegacyOptions, request: IncomingMessage, viewer: Viewer): Promise<number[]> {
  await using given = await readFileInput(options, request, viewer, () => false);
  return given.fileIds;
}

async function parseForm(form: LegacyForm, entries: (readonly [string, unknown])[]): Promise<FileInput> {
  try {
    const files = form.files.map(({ outcome: incoming }) => incoming);
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

/** The members of a JSON object; a list is as many of its name. */
function flattenLists(members: [string, unknown][]): [string, unknown][] {
  return members.flatMap(([name, member]) =>
    (Array.isArray(member) ? member : [member ?? []].flat()).map((item): [string, unknown] => [name, item]),
  );
}

/** `files`, `files[]`, `files[0]`, and the same as `fileids` or `fileid`, in any case. */
function parseFileIds(entries: (readonly [string, unknown])[]): number[] {
  const ids = entries.flatMap(([name, value]) =>
    /^file(?:s|ids?)(?:\[\d*\])?$/i.test(name) ? [parseFileId(value)] : [],
  );
  if (ids.length > MAX_FILES) throw new BadUserInputError(`Name at most ${MAX_FILES} files at once.`);
  return [...new Set(ids)];
}

function parseFileId(value: unknown): number {
  if ((typeof value === 'string' || typeof value === 'number') && /^\s*-?\d+\s*$/.test(String(value)))
    return parseId(String(value));
  throw new BadUserInputError('Files are named by their ids, which are whole numbers.');
}
