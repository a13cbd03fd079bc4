import { excerpt } from '../../errors.ts';
import { tooManyFiles } from '../../uploads/limits.ts';
import { asRequestError, malformed } from './errors.ts';

/**
 * The names of the file parts in `map`. Throws unless every path in it leads, by members that the client sent
 * itself, to a `null` in `operations` that no other path leads to, and unless there are at most `maxFiles` of them: one
 * part may serve several places, and each makes a file.
 * https://github.com/jaydenseric/graphql-multipart-request-spec#multipart-form-field-structure
 */
export function checkedKeys(operations: string, map: string, maxFiles: number): ReadonlySet<string> {
  const root = parse(operations, 'operations');
  const entries = parse(map, 'map');
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries))
    throw malformed("'map' is not an object.");
  let places = 0;
  const seen = new Set<string>();
  for (const [name, paths] of Object.entries(entries)) {
    if (!Array.isArray(paths)) throw malformed(`'map' has no list of paths for the part '${excerpt(name)}'.`);
    places += Math.max(1, paths.length);
    if (places > maxFiles) throw asRequestError(tooManyFiles({ maxFiles }));
    for (const path of paths) {
      if (!leadsToNull(root, path))
        throw malformed(`'map' has the path ${excerpt(JSON.stringify(path))}, which leads to no null in 'operations'.`);
      if (seen.has(path))
        throw malformed(
          `'map' has the path ${excerpt(JSON.stringify(path))} twice. Give each file a place of its own.`,
        );
      seen.add(path);
    }
  }
  return new Set(Object.keys(entries));
}

/** Characters of a path. One of megabytes would be split into millions of members, for each place of the map. */
const MAX_PATH = 1000;

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
