import { canRemoveFile } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { Attachment, BlobDeletion, File } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { Forbidden } from '../errors.ts';
import { topicOf } from '../events/hub.ts';
import type { Storage } from '../storage/storage.ts';
import { reach } from '../workspace/attachable.ts';
import { authorOf, findFile, refOfAttachment } from './read.ts';

/**
 * Removes a file from everything it hangs on, and its bytes once no other file needs them. A download under way ends
 * whole. Throws `NotFound`, or `Forbidden` when the viewer may see it but not remove it.
 */
export async function removeFile(ctx: Context, id: number): Promise<void> {
  const blobKey = await ctx.em.transactional(async (em) => {
    const inside = { ...ctx, em };
    const file = await findFile(inside, id);
    if (!canRemoveFile(ctx.viewer, authorOf(file), await editsEveryAttachable(inside, id))) {
      throw new Forbidden(
        `You may see File:${id}, but only its uploader and those who may edit all that it hangs on remove it.`,
      );
    }
    const key = file.blobKey;
    await em.nativeDelete(Attachment, { file: id });
    await em.nativeDelete(File, { id });
    if ((await em.count(File, { blobKey: key })) > 0) return undefined;
    em.create(BlobDeletion, { blobKey: key, requestedAt: ctx.now() });
    return key;
  });
  ctx.em.clear();
  if (!blobKey) return;
  try {
    await deleteBlob(ctx.em, ctx.storage, blobKey);
  } catch (err) {
    // The file is gone for everybody; its bytes are still on the list of deletions, and go at the next start.
    ctx.log.warn({ err, blobKey }, 'bytes of a removed file could not be deleted yet');
  }
}

/** Makes good what a crash between a commit and a deletion left behind. Answers how many blobs went. */
export async function finishDeletions(em: EntityManager, storage: Storage): Promise<number> {
  const left = await em.find(BlobDeletion, {});
  for (const { blobKey } of left) await deleteBlob(em, storage, blobKey);
  return left.length;
}

async function deleteBlob(em: EntityManager, storage: Storage, blobKey: string): Promise<void> {
  await storage.delete(blobKey);
  await em.nativeDelete(BlobDeletion, { blobKey });
}

async function editsEveryAttachable(ctx: Context, fileId: number): Promise<boolean> {
  const attachments = await ctx.em.find(Attachment, { file: fileId });
  const refs = attachments.map(refOfAttachment);
  const reached = await reach(ctx, refs);
  return refs.length > 0 && refs.every((ref) => reached.get(topicOf(ref))?.canEdit);
}
