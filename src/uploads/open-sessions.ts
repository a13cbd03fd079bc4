import { canSeeUploadsOf } from '../auth/permissions.ts';
import { contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { UploadSession } from '../database/entities/index.ts';
import { type PageRequest, pageById } from '../database/page.ts';
import { placeholders, type Row, rowsById, select } from '../database/rows.ts';
import { scanCountOf } from '../database/scans.ts';

/**
 * The open upload sessions of a user, as people see them; `upload-session.ts` opens and ends them.
 */

export type OpenSession = Row<UploadSession>;

/** The open sessions of a user, oldest first; undefined when the viewer may not see them. */
export function uploadSessionsOf(request: RequestContext, userId: number) {
  const ctx = contextOf(request);
  if (!canSeeUploadsOf(ctx.viewer, userId)) return undefined;
  const where = { user: userId };
  return {
    page: (page: PageRequest): Promise<OpenSession[]> => pageById(ctx, UploadSession, where, page),
    count: () => scanCountOf(ctx, UploadSession, where),
  };
}

/** The open sessions among `ids` that the viewer may see, by id. */
export async function findUploadSessions(
  request: RequestContext,
  ids: readonly number[],
): Promise<Map<number, OpenSession>> {
  const ctx = contextOf(request);
  const found = await rowsById(ctx.em, UploadSession, ids);
  const visible = found.filter(({ user }) => canSeeUploadsOf(ctx.viewer, user.id));
  return new Map(visible.map((row) => [row.id, row]));
}

/**
 * How many files wait for the end of each session, by its id; none for a session without files. A
 * file that is attached to several things counts once.
 */
export async function pendingFilesOf(request: RequestContext, ids: readonly number[]): Promise<Map<number, number>> {
  const { em } = contextOf(request);
  type Found = { session: number; files: number | string };
  const rows = await inChunks(ids, (some) =>
    select<Found>(
      em,
      // Announcements of older releases name no file: each of their attachments counts.
      `select session_id as session, count(distinct coalesce(file_id, -attachment_id)) as files
       from pending_announcements where session_id in (${placeholders(some)}) group by session_id`,
      some,
    ),
  );
  return new Map(rows.map(({ session, files }) => [session, Number(files)]));
}
