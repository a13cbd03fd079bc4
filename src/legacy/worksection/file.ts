import type { RequestContext } from '../../context.ts';
import type { File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { encodeDateTime } from './date-time.ts';
import { encodeUsers } from './user.ts';

/** Encodes files in their order. Worksection encodes numbers as strings. */
export async function encodeFiles(ctx: RequestContext, files: readonly Row<File>[]) {
  if (files.length === 0) return [];
  const userOf = await encodeUsers(
    ctx,
    files.map((file) => file.createdBy.id),
  );
  return files.map((file) => ({
    id: String(file.id),
    page: `/download/${file.id}`,
    name: file.name,
    size: String(file.size),
    date_added: encodeDateTime(file.createdAt),
    user_from: userOf(file.createdBy.id),
  }));
}
