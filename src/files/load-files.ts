import {
  canSeeFile,
  canSeeProject,
  type FileFacts,
  type FileRights,
  isEditorOfProject,
  UNATTACHED,
} from '../auth/permissions.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { chunksOf, inChunks } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import { type AttachableRef, Attachment, File, type ProjectRole } from '../database/entities/index.ts';
import { placeholders, type Row, reader, rowsById, rowsWhere, select } from '../database/rows.ts';
import { inFew } from '../database/sql.ts';
import { NotFoundError } from '../errors.ts';
import { topicOf } from '../events/topic.ts';
import { type AttachableAccess, loadAttachables } from '../workspace/attachable.ts';

/** A file that the viewer may see, and what the viewer may do with it. */
export interface FileAccess {
  file: Row<File>;
  /** All attachments of its newest version, whether the viewer may see them or not. */
  attachments: Row<Attachment>[];
  /** The attachables of these attachments that the viewer may see. */
  places: AttachableAccess[];
  /** The viewer's rights on the attachables, on which `permissions.ts` decides. */
  rights: FileRights;
}

/**
 * The files among `ids` that exist and that the viewer may see, by id. The number of statements
 * does not depend on the number of files.
 */
export async function loadFileAccess(
  request: RequestContext,
  ids: readonly number[],
): Promise<Map<number, FileAccess>> {
  const ctx = contextOf(request);
  const files = await rowsById(ctx.em, File, ids);
  const attachments = await attachmentsOf(
    ctx.em,
    files.map((file) => file.versionGroup),
  );
  const byGroup = Map.groupBy(attachments, (row) => row.versionGroup);
  const attachables = await loadAttachables(ctx, attachments.map(refOfAttachment));

  const access = new Map<number, FileAccess>();
  for (const file of files) {
    const rows = byGroup.get(file.versionGroup) ?? [];
    const places = rows.flatMap((row) => attachables.get(topicOf(refOfAttachment(row))) ?? []);
    const primary = rows.find((row) => row.isPrimary);
    const primaryPlace = primary && (attachables.get(topicOf(refOfAttachment(primary))) ?? null);
    const rights = rightsOn(rows.length, places, primaryPlace);
    if (canSeeFile(ctx.viewer, permissionFactsOf(file), rights))
      access.set(file.id, { file, attachments: rows, places, rights });
  }
  return access;
}

/**
 * The viewer's rights on the `count` places of a file, of which `places` are visible. `primary` is
 * null when the viewer may not see the primary attachment, and undefined when there is none.
 */
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

/** All attachments of the files of these version groups, each with its version group. */
async function attachmentsOf(
  em: EntityManager,
  versionGroups: readonly string[],
): Promise<(Row<Attachment> & { versionGroup: string })[]> {
  const { columns, rowIn } = reader(em, Attachment, 'a');
  const found = await inChunks(versionGroups, (chunk) =>
    select(
      em,
      `select ${columns}, (select f.version_group from files f where f.id = a.file_id) as version_group from attachments a
       where a.file_id ${inFew(em, `select n.id from files n where n.version_group in (${placeholders(chunk)})`)}`,
      chunk,
    ),
  );
  return found.map((row) => Object.assign(rowIn(row), { versionGroup: row.version_group as string }));
}

/** The files among `ids` that exist and that the viewer may see, by id. */
export async function findVisibleFiles(
  request: RequestContext,
  ids: readonly number[],
): Promise<Map<number, Row<File>>> {
  const ctx = contextOf(request);
  const visible = new Map<number, Row<File>>();
  const undecided: number[] = [];
  for (const chunk of chunksOf([...new Set(ids)])) {
    for (const { file, rights } of await loadPrimaryRights(ctx, chunk)) {
      const isVisible = rights !== undefined && canSeeFile(ctx.viewer, permissionFactsOf(file), rights);
      if (isVisible) visible.set(file.id, file);
      else undecided.push(file.id);
    }
  }
  for (const chunk of chunksOf(undecided)) {
    for (const [id, { file }] of await loadFileAccess(ctx, chunk)) visible.set(id, file);
  }
  return visible;
}

/**
 * The files among `ids`, with the viewer's rights as far as one cheap statement finds them: for
 * newest versions without a primary attachment, and for those whose primary attachment is in a
 * project of which the viewer is a member. Nearly every file is one of these. `rights` is undefined
 * where `loadFileAccess` has to look at the other attachments.
 */
async function loadPrimaryRights(
  { em, viewer }: Context,
  ids: readonly number[],
): Promise<{ file: Row<File>; rights: FileRights | undefined }[]> {
  if (viewer.isAdmin) return (await rowsById(em, File, ids)).map((file) => ({ file, rights: UNATTACHED }));
  const { columns, rowIn } = reader(em, File, 'f');
  const rows = await inChunks(ids, (chunk) =>
    select(
      em,
      // Not joined: before its first analyze, PostgreSQL would read all attachments.
      `select ${columns},
         (select h.id from attachments h where h.file_id = f.id and h.is_primary = true limit 1) as primary_id,
         (select m.role from project_members m where m.user_id = ? and m.project_id = (
           select h.project_id from attachments h where h.file_id = f.id and h.is_primary = true limit 1)) as role
       from files f where f.id in (${placeholders(chunk)})`,
      [viewer.userId, ...chunk],
    ),
  );
  return rows.map((row) => {
    const file = rowIn(row);
    // Attachments are those of the newest version, and count for all versions.
    if (!file.isNewest) return { file, rights: undefined };
    if (row.primary_id === null) return { file, rights: UNATTACHED };
    const role = (row.role ?? undefined) as ProjectRole | undefined;
    if (!canSeeProject(viewer, role)) return { file, rights: undefined };
    const primary = isEditorOfProject(viewer, role) ? ('EDITED' as const) : ('SEEN' as const);
    return { file, rights: { ...UNATTACHED, primary, seesOne: true } };
  });
}

/** A file that the viewer may see, with the viewer's rights. Throws `NotFoundError`. */
export async function getFileAccess(ctx: RequestContext, id: number): Promise<FileAccess> {
  const access = (await loadFileAccess(ctx, [id])).get(id);
  if (!access) throw new NotFoundError([`File:${id}`]);
  return access;
}

/**
 * A file that the viewer may see, and whose content the viewer may read. Throws `NotFoundError`.
 */
export async function getFile(ctx: RequestContext, id: number): Promise<Row<File>> {
  const file = (await findVisibleFiles(ctx, [id])).get(id);
  if (!file) throw new NotFoundError([`File:${id}`]);
  return file;
}

/**
 * All versions of the files of these version groups that the viewer may see, newest first, by
 * version group.
 */
export async function listVersions(
  request: RequestContext,
  versionGroups: readonly string[],
): Promise<Map<string, Row<File>[]>> {
  const ctx = contextOf(request);
  const files = await inChunks(versionGroups, (chunk) =>
    rowsWhere(ctx.em, File, `t.version_group in (${placeholders(chunk)}) order by t.version desc`, chunk),
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

/** What `permissions.ts` needs to know of a file. */
export const permissionFactsOf = (file: Row<File>): FileFacts => ({
  createdBy: file.createdBy.id,
  available: file.available,
});

/** The attachable of an attachment. */
const refOfAttachment = (row: Row<Attachment>): AttachableRef => ({ type: row.onType, id: row.onId });
