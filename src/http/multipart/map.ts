import type { Writable } from 'node:stream';
import { excerpt } from '../../errors.ts';
import { tooManyFiles } from '../../uploads/limits.ts';
import { assertJsonBounds, GRAPHQL_JSON } from '../body/json-body.ts';
import { malformed, toRequestError } from './errors.ts';

/**
 * Characters of a path in `map`. A megabyte of dots would be split into a million members per path.
 */
const MAX_PATH = 1000;

export interface FieldValidation {
  /** The most files of a form. */
  maxFiles: number;
  /** Whether the form is complete or failed, so that further fields are ignored. */
  isOver(): boolean;
  /** Gets the names of the file parts in `map`. */
  onMap(names: ReadonlySet<string>): void;
  onError(error: unknown): void;
}

/**
 * Validates `operations` and `map` before graphql-upload-minimal gets them. The library would
 * assign to whatever a path leads to: a method that the whole process shares, or the three hundred
 * millionth item of a list.
 */
export function validateFields(parser: Writable, { maxFiles, isOver, onMap, onError }: FieldValidation): void {
  const listeners = parser.listeners('field');
  parser.removeAllListeners('field');
  let operations = '';
  parser.on('field', (name: string, text: string, info: unknown) => {
    if (isOver()) return;
    const value = text.replace(/^\uFEFF/, ''); // a byte order mark, as in any other JSON
    try {
      if (name === 'operations' || name === 'map') assertJsonBounds(value, GRAPHQL_JSON);
      if (name === 'operations') operations = value;
      if (name === 'map') onMap(validateMap(operations, value, maxFiles));
    } catch (error) {
      onError(error);
      return;
    }
    for (const listener of listeners) listener.call(parser, name, value, info);
  });
}

/**
 * Returns the names of the file parts in `map`. Throws unless every path leads, through members
 * that the client sent, to a `null` in `operations` that no other path leads to; and unless there
 * are at most `maxFiles` paths: one part may be used in several places, and each use creates a
 * file.
 * https://github.com/jaydenseric/graphql-multipart-request-spec#multipart-form-field-structure
 */
function validateMap(operations: string, map: string, maxFiles: number): ReadonlySet<string> {
  const root = parse(operations, 'operations');
  const entries = parse(map, 'map');
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries))
    throw malformed("'map' is not an object.");
  let fileCount = 0;
  const seen = new Set<string>();
  for (const [name, paths] of Object.entries(entries)) {
    if (!Array.isArray(paths)) throw malformed(`'map' has no list of paths for the part '${excerpt(name)}'.`);
    fileCount += Math.max(1, paths.length);
    if (fileCount > maxFiles) throw toRequestError(tooManyFiles({ maxFiles }));
    for (const path of paths) {
      if (!leadsToNull(root, path))
        throw malformed(`'map' has the path ${excerpt(JSON.stringify(path))}, which leads to no null in 'operations'.`);
      if (seen.has(path))
        throw malformed(`'map' has the path ${excerpt(JSON.stringify(path))} twice. Use each path for one file.`);
      seen.add(path);
    }
  }
  return new Set(Object.keys(entries));
}

function leadsToNull(root: unknown, path: unknown): path is string {
  if (typeof path !== 'string' || path.length > MAX_PATH) return false;
  let value = root;
  for (const member of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, member)) return false;
    value = (value as Record<string, unknown>)[member];
  }
  return value === null;
}

function parse(json: string, name: string): unknown {
  if (json === '') throw malformed(`'map' stands before '${name}', or '${name}' is missing or empty.`);
  try {
    return JSON.parse(json);
  } catch {
    throw malformed(`'${name}' is not JSON.`);
  }
}
