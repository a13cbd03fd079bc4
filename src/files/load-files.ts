import { Writable } from 'node:stream';
import {
  canSeeFile,
  canSeeProject,
  type FileFacts,
  type FilePlaces,
  isEditorOfProject,
  NO_PLACES,
} from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type AttachableRef, Attachment, File, type ProjectRole } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { marks, type Row, reader, rowsById, rowsWhere, select } from '../database/rows.ts';
import { amongFew } from '../database/sql.ts';
import { excerpt, NotFound, TooLarge } from '../errors.ts';
import { topicOf } from '../events/topic.ts';
import type { StoredBlob } from '../storage/storage.ts';
import { type Reached, reach } from '../workspace/attachable.ts';

/** A file as the viewer stands to it. */
export interface Seen {
  file: Row<File>;
  /** Everything that its newest version hangs on, seen by the viewer or not. */
  attachments: Row<Attachment>[];
  /** Those of them that the viewer may see. */
  places: Reached[];
  /** What the viewer may do with all that it hangs on. */
  access: FilePlaces;
}

/** The files among `ids` that exist and that the viewer may see, by id, in a fixed number of statements. */
export async function seeFiles(ctx: Context, ids: readonly number[]): Promise<Map<number, Seen>> {
  const files = await rowsById(ctx.em, File, ids);
  const attachments = await attachmentsOf(
    ctx.em,
    files.map((file) => file.chain),
  );
  const byChain = Map.groupBy(attachments, (row) => row.chain);
  const reached = await reach(ctx, attachments.map(refOfAttachment));

  const seen = new Map<number, Seen>();
  for (const file of files) {
    const rows = byChain.get(file.chain) ?? [];
    const places = rows.flatMap((row) => reached.get(topicOf(refOfAttachment(row))) ?? []);
    const home = rows.find((row) => row.isHome);
    const access = accessTo(rows.length, places, home && (reached.get(topicOf(refOfAttachment(home))) ?? null));
    if (canSeeFile(ctx.viewer, factsOf(file), access)) seen.set(file.id, { file, attachments: rows, places, access });
  }
  return seen;
}

/** `home` is null when it is hidden, and undefined when there is none. */
function accessTo(count: number, places: readonly Reached[], home: Reached | null | undefined): FilePlaces {
  return {
    home: home === undefined ? 'NONE' : home === null ? 'HIDDEN' : home.isEditor ? 'EDITED' : 'SEEN',
    seesOne: places.length > 0,
    hidesOne: places.length < count,
    editsAll: count > 0 && places.length === count && places.every((place) => place.isEditor),
  };
}

/** What the files of these chains hang on, whoever may see it, and their chains. */
async function attachmentsOf(
  em: EntityManager,
  chains: readonly string[],
): Promise<(Row<Attachment> & { chain: string })[]> {
  const { columns, rowIn } = reader(em, Attachment, 'a');
  const found = await inChunks(chains, (some) =>
    select(
      em,
      `select ${columns}, (select f.chain from files f where f.id = a.file_id) as chain from attachments a
       where a.file_id ${amongFew(em, `select n.id from files n where n.chain in (${marks(some)})`)}`,
      some,
    ),
  );
  return found.map((row) => Object.assign(rowIn(row), { chain: row.chain as string }));
}

/** Files of one statement: a database takes some ten thousand values. */
const FILES = 500;

/** The files among `ids` that exist and that the viewer may see, by id. */
export async function findFiles(ctx: Context, ids: readonly number[]): Promise<Map<number, Row<File>>> {
  const some = [...new Set(ids)];
  const found = new Map<number, Row<File>>();
  const others: number[] = [];
  for (let from = 0; from < some.length; from += FILES) {
    for (const { file, home } of await withHomes(ctx, some.slice(from, from + FILES))) {
      const isSeen = home !== undefined && canSeeFile(ctx.viewer, factsOf(file), home);
      if (isSeen) found.set(file.id, file);
      else others.push(file.id);
    }
  }
  for (let from = 0; from < others.length; from += FILES) {
    for (const [id, { file }] of await seeFiles(ctx, others.slice(from, from + FILES))) found.set(id, file);
  }
  return found;
}

/**
 * Files, and as much of the viewer's access to them as one cheap statement tells: all of it, for newest versions that have
 * no home, or one in a project that the viewer is a member of. Nearly every file that is asked for is one of these. Undefined
 * where `seeFiles` has to look at the other places.
 */
async function withHomes(
  { em, viewer }: Context,
  ids: readonly number[],
): Promise<{ file: Row<File>; home: FilePlaces | undefined }[]> {
  if (viewer.isAdmin) return (await rowsById(em, File, ids)).map((file) => ({ file, home: NO_PLACES }));
  const { columns, rowIn } = reader(em, File, 'f');
  const rows = await inChunks(ids, (some) =>
    select(
      em,
      `select ${columns}, h.id as home, m.role as role from files f
     left join attachments h on h.file_id = f.id and h.is_home = true
     left join project_members m on m.project_id = h.project_id and m.user_id = ?
     where f.id in (${marks(some)})`,
      [viewer.userId, ...some],
    ),
  );
  return rows.map((row) => {
    const file = rowIn(row);
    // What is attached is the newest version. All versions have its home.
    if (!file.isNewest) return { file, home: undefined };
    if (row.home === null) return { file, home: NO_PLACES };
    const role = (row.role ?? undefined) as ProjectRole | undefined;
    if (!canSeeProject(viewer, role)) return { file, home: undefined };
    const home = isEditorOfProject(viewer, role) ? ('EDITED' as const) : ('SEEN' as const);
    return { file, home: { ...NO_PLACES, home, seesOne: true } };
  });
}

/** The one file, as the viewer stands to it. Throws `NotFound`. */
export async function seeFile(ctx: Context, id: number): Promise<Seen> {
  const seen = (await seeFiles(ctx, [id])).get(id);
  if (!seen) throw new NotFound([`File:${id}`]);
  return seen;
}

/** A file whose content the viewer may read. Throws `NotFound`. */
export async function readableFile(ctx: Context, id: number): Promise<Row<File>> {
  const file = (await findFiles(ctx, [id])).get(id);
  if (!file) throw new NotFound([`File:${id}`]);
  return file;
}

/** A file and its bytes, open for reading. The caller disposes of the bytes. Throws `NotFound`. */
export async function openFile(ctx: Context, id: number): Promise<{ file: Row<File>; blob: StoredBlob }> {
  const file = await readableFile(ctx, id);
  return { file, blob: await ctx.storage.open(file.blobKey) };
}

/** All versions of the files of these chains that the viewer may see, newest first, by chain. */
export async function versionsOf(ctx: Context, chains: readonly string[]): Promise<Map<string, Row<File>[]>> {
  const files = await inChunks(chains, (some) =>
    rowsWhere(ctx.em, File, `t.chain in (${marks(some)}) order by t.version desc`, some),
  );
  const visible = await findFiles(
    ctx,
    files.map((file) => file.id),
  );
  return Map.groupBy(
    files.filter((file) => visible.has(file.id)),
    (file) => file.chain,
  );
}

/**
 * The content of a file that may be given inline. Who was told of a file may not see it any more, so that is asked.
 * Throws `NotFound`, `TooLarge`, also when the whole answer would be, and `Busy`.
 */
export async function readContent(ctx: Context, id: number): Promise<Buffer> {
  const limit = ctx.limits.maxInlineSize;
  const opened = await openFile(ctx, id);
  await using blob = opened.blob;
  const { file } = opened;
  if (file.size > limit)
    throw new TooLarge(
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

export const factsOf = (file: Row<File>): FileFacts => ({ createdBy: file.createdBy.id, available: file.available });

/** What a file hangs on. */
export const refOfAttachment = (row: Row<Attachment>): AttachableRef => ({ type: row.onType, id: row.onId });
