import type { Context } from '../context.ts';
import { type AttachableRef, Attachment, File, User } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { Conflict } from '../errors.ts';
import { type Reached, reachToEdit } from '../workspace/attachable.ts';
import { announce } from './announce.ts';
import type { ReceivedFile } from './receive.ts';

/** What a change left: the files, and how each hangs on the attachable, if there is one. */
export interface Added {
  files: File[];
  attachments: Attachment[];
}

/**
 * Stores received files, attached to `on` or, without it, to nothing yet: all of them or none.
 * When it answers, bytes and rows are safe from a power cut; then, and only then, those who listen are told.
 * Throws `NotFound`, `Forbidden`, `InsufficientStorage`.
 */
export async function addFiles(ctx: Context, received: readonly ReceivedFile[], on?: AttachableRef): Promise<Added> {
  const target = on && (await reachToEdit(ctx, on));
  const keys = await Promise.all(received.map((file) => file.commit()));

  const added = await ctx.em.transactional(async (em) => {
    await mustStillBeKept(em, received, keys);
    const createdBy = em.getReference(User, ctx.viewer.userId);
    const createdAt = ctx.now();
    const files = received.map(({ name, size, sha256, contentType }, index) => {
      const blobKey = keys[index] as string;
      return em.create(File, { name, size, sha256, contentType, blobKey, createdBy, createdAt });
    });
    return { files, attachments: target ? files.map((file) => hang(ctx, em, file, target)) : [] };
  });
  for (const file of received) file.adopt();
  if (target) announce(ctx, added.attachments, target);
  return added;
}

/** Adds the row that joins a file to an attachable; it exists once the unit of work is flushed. */
export function hang(ctx: Context, em: EntityManager, file: File, { ref }: Reached): Attachment {
  return em.create(Attachment, {
    file,
    onType: ref.type,
    onId: ref.id,
    attachedBy: em.getReference(User, ctx.viewer.userId),
    attachedAt: ctx.now(),
  });
}

/**
 * One uploaded part may serve two places of a request, and the file made of it first may be gone again, bytes and
 * all, before the second is made. Inside the transaction no removal can come between.
 */
async function mustStillBeKept(em: EntityManager, received: readonly ReceivedFile[], keys: string[]): Promise<void> {
  const shared = keys.filter((_, index) => received[index]?.adopted);
  for (const blobKey of new Set(shared)) {
    if ((await em.count(File, { blobKey })) === 0) {
      throw new Conflict('A file of this request was removed before its second use. Upload it again.');
    }
  }
}
