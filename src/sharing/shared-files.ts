import { allOf, condition } from '../auth/access-sql.ts';
import { type ShareGrant, shareGuestById } from '../auth/guest.ts';
import { canChangeFile } from '../auth/permissions.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { type AttachableRef, Attachment, File } from '../database/entities/index.ts';
import { type Row, rowsWhere } from '../database/rows.ts';
import { NotFoundError } from '../errors.ts';
import { topicOf } from '../events/topic.ts';
import { archived } from '../files/archive.ts';
import { type FilePageRequest, type FileSortKey, paginateByKey } from '../files/keyset-pagination.ts';
import { listAttachments } from '../files/list-files.ts';
import { findVisibleFiles, loadFileAccess, permissionFactsOf } from '../files/load-files.ts';
import { type AttachableAccess, loadAttachables } from '../workspace/attachable.ts';

/**
 * What a share link shows: newest versions that are available and that its creator may still share,
 * by the rights that creating a link requires. Of a place, the files that are attached to it, and
 * none of what is in it. Each request has the rights of the creator, and these functions limit it
 * to the grant.
 */

const ORDER = { by: 'createdAt', direction: 'ASC' } as const;

/** The shared files, read page by page. */
export interface SharedListing {
  page(request: FilePageRequest): Promise<Row<File>[]>;
  count(): Promise<number>;
  isKey(key: unknown): key is FileSortKey;
  keyOf(file: Row<File>): FileSortKey;
}

/** The files of a link, oldest first. Throws `NotFoundError` when its creator lost access. */
export async function listSharedFiles(request: RequestContext, grant: ShareGrant): Promise<SharedListing> {
  const ctx = contextOf(request);
  const { on, versionGroup } = grant;
  if (!on) return listNewestOf(ctx, versionGroup);
  const list = listAttachments(ctx, await getPlace(ctx, grant, on), { available: true }, ORDER, false);
  return {
    page: async (page) => (await list.page(page)).map(({ file }) => file),
    count: list.count,
    isKey: list.isKey,
    keyOf: (file) => list.keyOf({ on, file }),
  };
}

/** The newest version of one file, as a list; empty while that is not available. */
function listNewestOf(ctx: Context, versionGroup: string | null): SharedListing {
  const shared = allOf(
    condition('t.version_group = ?', versionGroup),
    condition('t.is_newest = ? and t.available = ?', true, true),
  );
  const find = async ({ sql, params } = shared) => {
    const found = await rowsWhere(ctx.em, File, sql, params);
    return shareableFiles(
      ctx,
      found.map(({ id }) => id),
    );
  };
  return paginateByKey<Row<File>>(ORDER, {
    fileOf: (file) => file,
    read: ({ bounds }) => ctx.budget.lookUp(() => find(allOf(shared, ...bounds('t.created_at', 't.id')))),
    count: async () => (await ctx.budget.lookUp(() => find())).length,
  });
}

/**
 * Iterates over the files of a link for a ZIP archive. It ends with `UnauthenticatedError` when the
 * link does. Before anything is read, it throws `NotFoundError`, or `PayloadTooLargeError` for too
 * many files.
 */
export async function sharedFilesToArchive(
  request: RequestContext,
  grant: ShareGrant,
): Promise<AsyncIterable<Row<File>>> {
  const { em, now } = contextOf(request);
  const list = await listSharedFiles(request, grant);
  return archived({
    ...list,
    async page(page) {
      await shareGuestById(em, grant.shareLinkId, now()); // an archive may be sent for hours
      return list.page(page);
    },
  });
}

/**
 * Throws `NotFoundError` for a file that the link does not show, and `UnauthenticatedError` when
 * the link has ended meanwhile.
 */
export async function assertShared(request: RequestContext, grant: ShareGrant, fileId: number): Promise<void> {
  const ctx = contextOf(request);
  const file = (await findVisibleFiles(ctx, [fileId])).get(fileId);
  const isShown = file?.isNewest && file.available && (await isGranted(ctx, grant, file));
  if (!isShown) return refuse(ctx, grant, `File:${fileId}`);
}

async function isGranted(ctx: Context, grant: ShareGrant, file: Row<File>): Promise<boolean> {
  const { on, versionGroup } = grant;
  if (!on) return file.versionGroup === versionGroup && (await shareableFiles(ctx, [file.id])).length > 0;
  await getPlace(ctx, grant, on);
  const where = 't.file_id = ? and t.on_type = ? and t.on_id = ?';
  return (await rowsWhere(ctx.em, Attachment, where, [file.id, on.type, on.id])).length > 0;
}

/** Those of the files that the creator of a link may still share: by the right to change them. */
async function shareableFiles(ctx: Context, ids: readonly number[]): Promise<Row<File>[]> {
  const creator = { ...ctx.viewer, scope: 'WRITE' } as const;
  const found = [...(await loadFileAccess(ctx, ids)).values()];
  return found.flatMap(({ file, rights }) => (canChangeFile(creator, permissionFactsOf(file), rights) ? file : []));
}

/**
 * The place, if the creator may still share it: by the right to edit it. The error does not name
 * it.
 */
async function getPlace(ctx: Context, grant: ShareGrant, on: AttachableRef): Promise<AttachableAccess> {
  const place = (await loadAttachables(ctx, [on])).get(topicOf(on));
  if (!place?.isEditor) return refuse(ctx, grant, 'the shared files');
  return place;
}

/** A link that has ended may show less before: a removed creator is a member of nothing. */
async function refuse({ em, now }: Context, { shareLinkId }: ShareGrant, what: string): Promise<never> {
  await shareGuestById(em, shareLinkId, now());
  throw new NotFoundError([what]);
}
