import { Writable } from 'node:stream';
import {
  canSeeFile,
  canSeeProject,
  type FileFacts,
  type FileRights,
  isEditorOfProject,
  UNATTACHED,
} from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { chunksOf, inChunks } from '../database/chunks.ts';
import { type AttachableRef, Attachment, File, type ProjectRole } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { placeholders, type Row, reader, rowsById, rowsWhere, select } from '../database/rows.ts';
import { inFew } from '../database/sql.ts';
import { excerpt, NotFoundError, PayloadTooLargeError } from '../errors.ts';
import { topicOf } from '../events/topic.ts';
import type { StoredBlob } from '../storage/storage.ts';
import { type AttachableAccess, loadAttachables } from '../workspace/attachable.ts';

/** A file as the viewer stands to it. */
export interface FileAccess {
  file: Row<File>;
  /** Everything that its newest version hangs on, seen by the viewer or not. */
  attachments: Row<Attachment>[];
  /** Those of them that the viewer may see. */
  places: AttachableAccess[];
  /** What the viewer may do with all that it hangs on. */
  rights: FileRights;
}

/** The files among `ids` that exist and that the viewer may see, by id, in a fixed number of statements. */
export async function loadFileAccess(ctx: Context, ids: readonly number[]): Promise<Map<number, FileAccess>> {
  const files = await rowsById(ctx.em, File, ids);
  const attachments = await attachmentsOf(
    ctx.em,
    files.map((file) => file.versionGroup),
  );
  const byGroup = Map.groupBy(attachments, (row) => row.versionGroup);
  const reached = await loadAttachables(ctx, attachments.map(refOfAttachment));

  const seen = new Map<number, FileAccess>();
  for (const file of files) {
    const rows = byGroup.get(file.versionGroup) ?? [];
    const places = rows.flatMap((row) => reached.get(topicOf(refOfAttachment(row))) ?? []);
    const primary = rows.find((row) => row.isPrimary);
    const access = rightsOn(rows.length, places, primary && (reached.get(topicOf(refOfAttachment(primary))) ?? null));
    if (canSeeFile(ctx.viewer, permissionFactsOf(file), access))
      seen.set(file.id, { file, attachments: rows, places, rights: access });
  }
  return seen;
}

/** `home` is null when it is hidden, and undefined when there is none. */
function rightsOn(
  count: number,
  places: readonly AttachableAccess[],
  primary: AttachableAccess | null | undefined,
): FileRights {
  return {
    primary: primary === undefined ? 'NONE' : primary === null ? 'HIDDEN' : primary.isEditor ? 'EDITED' : 'SEEN',
    seesOne: places.length > 0,
    hidesOne: places.length < count,
    editsAll: count > 0 && places.length === count && places.every((place) => place.isEditor),
  };
}

/** What the files of these version groups hang on, whoever may see it, and their version groups. */
async function attachmentsOf(
  em: EntityManager,
  versionGroups: readonly string[],
): Promise<(Row<Attachment> & { versionGroup: string })[]> {
  const { columns, rowIn } = reader(em, Attachment, 'a');
  const found = await inChunks(versionGroups, (some) =>
    select(
      em,
      `select ${columns}, (select f.version_group from files f where f.id = a.file_id) as version_group from attachments a
       where a.file_id ${inFew(em, `select n.id from files n where n.version_group in (${placeholders(some)})`)}`,
      some,
    ),
  );
  return found.map((row) => Object.assign(rowIn(row), { versionGroup: row.version_group as string }));
}

/** The files among `ids` that exist and that the viewer may see, by id. */
export async function findVisibleFiles(ctx: Context, ids: readonly number[]): Promise<Map<number, Row<File>>> {
  const found = new Map<number, Row<File>>();
  const others: number[] = [];
  for (const some of chunksOf([...new Set(ids)])) {
    for (const { file, primary } of await withPrimaryRights(ctx, some)) {
      const isSeen = primary !== undefined && canSeeFile(ctx.viewer, permissionFactsOf(file), primary);
      if (isSeen) found.set(file.id, file);
      else others.push(file.id);
    }
  }
  for (const some of chunksOf(others)) {
    for (const [id, { file }] of await loadFileAccess(ctx, some)) found.set(id, file);
  }
  return found;
}

/**
 * Files, and as much of the viewer's access to them as one cheap statement tells: all of it, for newest versions that have
 * no home, or one in a project that the viewer is a member of. Nearly every file that is asked for is one of these. Undefined
 * where `loadFileAccess` has to look at the other places.
 */
async function withPrimaryRights(
  { em, viewer }: Context,
  ids: readonly number[],
): Promise<{ file: Row<File>; primary: FileRights | undefined }[]> {
  if (viewer.isAdmin) return (await rowsById(em, File, ids)).map((file) => ({ file, primary: UNATTACHED }));
  const { columns, rowIn } = reader(em, File, 'f');
  const rows = await inChunks(ids, (some) =>
    select(
      em,
      `select ${columns}, h.id as primary_id, m.role as role from files f
     left join attachments h on h.file_id = f.id and h.is_primary = true
     left join project_members m on m.project_id = h.project_id and m.user_id = ?
     where f.id in (${placeholders(some)})`,
      [viewer.userId, ...some],
    ),
  );
  return rows.map((row) => {
    const file = rowIn(row);
    // What is attached is the newest version. All versions have its home.
    if (!file.isNewest) return { file, primary: undefined };
    if (row.primary_id === null) return { file, primary: UNATTACHED };
    const role = (row.role ?? undefined) as ProjectRole | undefined;
    if (!canSeeProject(viewer, role)) return { file, primary: undefined };
    const primary = isEditorOfProject(viewer, role) ? ('EDITED' as const) : ('SEEN' as const);
    return { file, primary: { ...UNATTACHED, primary, seesOne: true } };
  });
}

/** The one file, as the viewer stands to it. Throws `NotFoundError`. */
export async function getFileAccess(ctx: Context, id: number): Promise<FileAccess> {
  const seen = (await loadFileAccess(ctx, [id])).get(id);
  if (!seen) throw new NotFoundError([`File:${id}`]);
  return seen;
}

/** A file whose content the viewer may read. Throws `NotFoundError`. */
export async function getFile(ctx: Context, id: number): Promise<Row<File>> {
  const file = (await findVisibleFiles(ctx, [id])).get(id);
  if (!file) throw new NotFoundError([`File:${id}`]);
  return file;
}

/** A file and its bytes, open for reading. The caller disposes of the bytes. Throws `NotFoundError`. */
export async function openContent(ctx: Context, id: number): Promise<{ file: Row<File>; blob: StoredBlob }> {
  const file = await getFile(ctx, id);
  return { file, blob: await ctx.storage.open(file.blobKey) };
}

/** All versions of the files of these version groups that the viewer may see, newest first, by version group. */
export async function listVersions(ctx: Context, versionGroups: readonly string[]): Promise<Map<string, Row<File>[]>> {
  const files = await inChunks(versionGroups, (some) =>
    rowsWhere(ctx.em, File, `t.version_group in (${placeholders(some)}) order by t.version desc`, some),
  );
  const visible = await findVisibleFiles(
    ctx,
    files.map((file) => file.id),
  );
  return Map.groupBy(
    files.filter((file) => visible.has(file.id)),
    (file) => file.versionGroup,
  );
}

/**
 * The content of a file that may be given inline. Who was told of a file may not see it any more, so that is asked.
 * Throws `NotFoundError`, `PayloadTooLargeError`, also when the whole answer would be, and `RateLimitedError`.
 */
export async function readContent(ctx: Context, id: number): Promise<Buffer> {
  const limit = ctx.limits.maxInlineSize;
  const opened = await openContent(ctx, id);
  await using blob = opened.blob;
  const { file } = opened;
  if (file.size > limit)
    throw new PayloadTooLargeError(
      `${excerpt(file.name)} has more than the ${limit} bytes that are given inline. Download it from its url.`,
      limit,
    );
  // As base64, which is how it is given.
  await ctx.budget.reserve(Math.ceil(file.size / 3) * 4);
  const content = Buffer.alloc(file.size);
  let length = 0;
  const memory = new Writable({
    write(chunk: Buffer, _encoding, done) {
      length += chunk.copy(content, length);
      done();
    },
  });
  await blob.send(memory, { start: 0, end: file.size - 1 });
  return content;
}

export const permissionFactsOf = (file: Row<File>): FileFacts => ({
  createdBy: file.createdBy.id,
  available: file.available,
});

/** What a file hangs on. */
export const refOfAttachment = (row: Row<Attachment>): AttachableRef => ({ type: row.onType, id: row.onId });
