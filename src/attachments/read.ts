import { canSeeFile } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { type AttachableRef, Attachment, File } from '../database/entities/index.ts';
import { type PageRequest, pageById } from '../database/page.ts';
import { NotFound } from '../errors.ts';
import { topicOf } from '../events/hub.ts';
import type { StoredBlob } from '../storage/storage.ts';
import { reach } from '../workspace/attachable.ts';

/** The files among `ids` that exist and that the viewer may see, by id, in a fixed number of statements. */
export async function findFiles(ctx: Context, ids: readonly number[]): Promise<Map<number, File>> {
  const files = await ctx.em.find(File, { id: { $in: [...new Set(ids)] } });
  const others = files.filter((file) => !canSeeFile(ctx.viewer, authorOf(file), false));
  const through = await seenThroughAttachables(ctx, others);
  const visible = files.filter((file) => canSeeFile(ctx.viewer, authorOf(file), through.has(file.id)));
  return new Map(visible.map((file) => [file.id, file]));
}

/** The one file. Throws `NotFound`. */
export async function findFile(ctx: Context, id: number): Promise<File> {
  const file = (await findFiles(ctx, [id])).get(id);
  if (!file) throw new NotFound([`File:${id}`]);
  return file;
}

/** A file and its bytes, open for reading. The caller disposes of the bytes. Throws `NotFound`. */
export async function openFile(ctx: Context, id: number): Promise<{ file: File; blob: StoredBlob }> {
  const file = await findFile(ctx, id);
  return { file, blob: await ctx.storage.open(file.blobKey) };
}

/** What hangs on an attachable that the caller has reached, in the order of attaching. Each row carries its file. */
export function attachmentsOn(ctx: Context, on: AttachableRef) {
  const where = { onType: on.type, onId: on.id };
  return {
    page: (request: PageRequest): Promise<Attachment[]> =>
      pageById(ctx.em, Attachment, where, request, { populate: ['file'] as never }),
    count: (): Promise<number> => ctx.em.count(Attachment, where),
  };
}

export const authorOf = (file: File) => ({ createdBy: file.createdBy.id });

async function seenThroughAttachables(ctx: Context, files: File[]): Promise<Set<number>> {
  if (files.length === 0) return new Set();
  const attachments = await ctx.em.find(Attachment, { file: { $in: files.map((file) => file.id) } });
  const reached = await reach(ctx, attachments.map(refOfAttachment));
  return new Set(attachments.filter((row) => reached.has(topicOf(refOfAttachment(row)))).map((row) => row.file.id));
}

/** What a file hangs on. */
export const refOfAttachment = (row: Attachment): AttachableRef => ({ type: row.onType, id: row.onId });
