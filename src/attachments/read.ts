import { Writable } from 'node:stream';
import { canSeeFile, type FileFacts, type Through } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { type AttachableRef, Attachment, File } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { countRows, marks, type Row, reader, rowsById, rowsWhere, select } from '../database/rows.ts';
import { NotFound, TooLarge } from '../errors.ts';
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
  through: Through;
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
    const isEditor = home !== undefined && reached.get(topicOf(refOfAttachment(home)))?.isEditor;
    const through = isEditor ? 'EDIT' : places.length > 0 ? 'SEE' : rows.length > 0 ? 'HIDDEN' : 'NOTHING';
    if (canSeeFile(ctx.viewer, factsOf(file), through)) seen.set(file.id, { file, attachments: rows, places, through });
  }
  return seen;
}

/** What the files of these chains hang on, whoever may see it, and their chains. */
async function attachmentsOf(
  em: EntityManager,
  chains: readonly string[],
): Promise<(Row<Attachment> & { chain: string })[]> {
  const some = [...new Set(chains)];
  if (some.length === 0) return [];
  const { columns, rowIn } = reader(em, Attachment, 'a');
  const found = await select(
    em,
    `select ${columns}, f.chain as chain
     from attachments a join files f on f.id = a.file_id where f.chain in (${marks(some)})`,
    some,
  );
  return found.map((row) => Object.assign(rowIn(row), { chain: row.chain as string }));
}

/** The files among `ids` that exist and that the viewer may see, by id. */
export async function findFiles(ctx: Context, ids: readonly number[]): Promise<Map<number, Row<File>>> {
  // Most files are asked for by those who uploaded them or see everything; they need no look at where these hang.
  const files = await rowsById(ctx.em, File, ids);
  const own = new Map(
    files.filter((file) => canSeeFile(ctx.viewer, factsOf(file), 'NOTHING')).map((file) => [file.id, file]),
  );
  const others = files.filter((file) => !own.has(file.id));
  if (others.length === 0) return own;
  const seen = await seeFiles(
    ctx,
    others.map((file) => file.id),
  );
  return new Map([...own, ...[...seen].map(([id, { file }]) => [id, file] as const)]);
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
  const some = [...new Set(chains)];
  const files = await rowsWhere(ctx.em, File, `t.chain in (${marks(some)}) order by t.version desc`, some);
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
 * Throws `NotFound`, `TooLarge`.
 */
export async function readContent(ctx: Context, id: number): Promise<Buffer> {
  const limit = ctx.limits.maxInlineSize;
  const opened = await openFile(ctx, id);
  await using blob = opened.blob;
  const { file } = opened;
  if (file.size > limit)
    throw new TooLarge(
      `${file.name} has more than the ${limit} bytes that are given inline. Download it from its url.`,
      limit,
    );
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

/** How many files hang on an attachable that the caller has reached. */
export function countFiles(ctx: Context, on: AttachableRef): Promise<number> {
  return countRows(ctx.em, 'attachments a where a.on_type = ? and a.on_id = ?', [on.type, on.id]);
}

export const factsOf = (file: Row<File>): FileFacts => ({ createdBy: file.createdBy.id, available: file.available });

/** What a file hangs on. */
export const refOfAttachment = (row: Row<Attachment>): AttachableRef => ({ type: row.onType, id: row.onId });
