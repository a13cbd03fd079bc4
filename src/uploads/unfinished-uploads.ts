import type { AddOptions } from '../attachments/add-files.ts';
import { allOf, anyOf, condition, type SqlCondition } from '../auth/access-sql.ts';
import { canSeeUploadsOf } from '../auth/permissions.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type AttachableRef, ResumableUpload } from '../database/entities/index.ts';
import { placeholders, type Row, reader, rowsWhere } from '../database/rows.ts';
import { countBy, readPage, scan } from '../database/scans.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import { fromWriter } from './resumable/find-upload.ts';
import { terminateUpload } from './resumable/terminate-upload.ts';

/**
 * The unfinished uploads of a user, as people see and cancel them: those whose bytes count for the
 * user, and so the uploads of guests with the user's upload tokens as well. Parts that were joined
 * belong to their final upload, which is listed instead.
 */

export type UnfinishedUpload = Row<ResumableUpload>;

/** When an upload was started, in milliseconds since 1970, and its id. */
export type UploadKey = [startedAt: number, id: string];

export const keyOfUpload = ({ startedAt, id }: UnfinishedUpload): UploadKey => [startedAt, id];

const isUploadKey = (key: unknown): key is UploadKey =>
  Array.isArray(key) && Number.isSafeInteger(key[0]) && typeof key[1] === 'string';

interface UploadPageRequest {
  limit: number;
  after?: UploadKey | undefined;
  before?: UploadKey | undefined;
  inverted?: boolean;
}

/** The unfinished uploads of a user, oldest first; undefined when the viewer may not see them. */
export function unfinishedUploadsOf(request: RequestContext, userId: number) {
  const ctx = contextOf(request);
  if (!canSeeUploadsOf(ctx.viewer, userId)) return undefined;
  const listed = allOf(condition('t.user_id = ?', userId), isListed(ctx));
  return {
    async page({ limit, after, before, inverted }: UploadPageRequest): Promise<UnfinishedUpload[]> {
      const { columns, rowIn } = reader(ctx.em, ResumableUpload, 't');
      const bounds = [...(after ? [beyond(after, '>')] : []), ...(before ? [beyond(before, '<')] : [])];
      const { sql, params } = allOf(listed, ...bounds);
      const direction = inverted ? 'desc' : 'asc';
      const found = await readPage(
        ctx,
        `select ${columns} from resumable_uploads t where ${sql}
         order by t.started_at ${direction}, t.id ${direction} limit ?`,
        [...params, limit],
      );
      return found.map(rowIn);
    },
    count: () => countBy(scan, ctx, `resumable_uploads t where ${listed.sql}`, listed.params),
    isKey: isUploadKey,
  };
}

const isListed = ({ now }: Context): SqlCondition =>
  condition('t.is_finished = false and t.part_of_id is null and t.refusal is null and t.expires_at > ?', now());

/** The first condition bounds the range of the index, the second decides between equal times. */
const beyond = ([startedAt, id]: UploadKey, sign: '>' | '<'): SqlCondition =>
  allOf(
    condition(`t.started_at ${sign}= ?`, startedAt),
    anyOf(condition(`t.started_at ${sign} ?`, startedAt), condition(`t.id ${sign} ?`, id)),
  );

/** The unfinished uploads among `ids` that the viewer may see, by id. */
export async function findUnfinishedUploads(
  request: RequestContext,
  ids: readonly string[],
): Promise<Map<string, UnfinishedUpload>> {
  const ctx = contextOf(request);
  const listed = isListed(ctx);
  const found = await inChunks(ids, (some) =>
    rowsWhere(ctx.em, ResumableUpload, `t.id in (${placeholders(some)}) and ${listed.sql}`, [
      ...some,
      ...listed.params,
    ]),
  );
  const visible = found.filter(({ user }) => canSeeUploadsOf(ctx.viewer, user.id));
  return new Map(visible.map((row) => [row.id, row]));
}

/** What the file will be attached to; undefined for nothing, and for a next version. */
export const placeOfUpload = ({ options }: UnfinishedUpload): AttachableRef | undefined =>
  (JSON.parse(options) as AddOptions).on;

/**
 * Cancels an upload of the viewer, of a guest with the viewer's upload token, or, for
 * administrators, of anybody, as its owner does by tus: see `terminateUpload`. Throws
 * `NotFoundError`, `ForbiddenError` for a read-only key, and `ConflictError` for an upload that is
 * complete, or was joined into another.
 */
export async function cancelUpload(request: RequestContext, id: string): Promise<void> {
  await terminateUpload(request, id, findCancellable);
}

async function findCancellable(ctx: Context, id: string): Promise<ResumableUpload> {
  const upload = await ctx.em.findOne(ResumableUpload, { id }, fromWriter);
  const isVisible = upload && canSeeUploadsOf(ctx.viewer, upload.user.id);
  if (!isVisible || upload.expiresAt <= ctx.now()) throw new NotFoundError([`UnfinishedUpload:${id}`]);
  if (upload.isFinished) throw new ConflictError('This upload is complete. Remove its file instead.');
  return upload;
}
