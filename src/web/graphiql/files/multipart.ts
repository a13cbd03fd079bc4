import type { UploadPlace } from './upload-places.ts';
import { type Variables, withValueAt } from './variables.ts';

/** The files of one place. */
export interface PlacedFiles {
  place: UploadPlace;
  files: File[];
}

/** What takes the place of files in the variables. */
const nullsFor = ({ place, files }: PlacedFiles): null | null[] => (place.isList ? files.map(() => null) : null);

/** The variables with null in the place of each file. */
export const withNulls = (variables: unknown, placed: PlacedFiles[]): Variables =>
  placed.reduce<Variables>(
    (result, each) => withValueAt(result, each.place.path, nullsFor(each)),
    (variables ?? {}) as Variables,
  );

/**
 * A request with files. The fields are in the order that the specification demands:
 * https://github.com/jaydenseric/graphql-multipart-request-spec
 */
export function multipartForm(operations: { variables?: unknown }, placed: PlacedFiles[]): FormData {
  const parts = placed.flatMap(({ place: { path, isList }, files }) =>
    files.map((file, index) => ({ file, path: `variables.${path}${isList ? `.${index}` : ''}` })),
  );
  const form = new FormData();
  form.set('operations', JSON.stringify({ ...operations, variables: withNulls(operations.variables, placed) }));
  form.set('map', JSON.stringify(Object.fromEntries(parts.map(({ path }, index) => [index, [path]]))));
  for (const [index, { file }] of parts.entries()) form.set(String(index), file, file.name);
  return form;
}
