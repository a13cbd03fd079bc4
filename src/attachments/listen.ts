import { viewerNow } from '../auth/keys.ts';
import { canSeeFile } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import type { AttachableRef } from '../database/entities/index.ts';
import { type FileEvent, topicOf } from '../events/hub.ts';
import { reachOne } from '../workspace/attachable.ts';
import { factsOf } from './read.ts';

/**
 * What happens on an attachable from now on; a project also hears its tasks and comments. It ends with an error when
 * the key or the right to see the attachable is lost. Of files that are not available, editors and uploaders hear alone.
 * Throws `NotFound` before anything is subscribed to.
 */
export async function listen(ctx: Context, on: AttachableRef): Promise<AsyncIterableIterator<FileEvent, undefined>> {
  let isEditor = false;
  const look = async (context: Context) => {
    isEditor = (await reachOne(context, on)).isEditor;
  };
  // First listened, then asked: a right that is lost in between is seen by one of the two.
  const events = ctx.events.subscribe(topicOf(on), {
    userId: ctx.viewer.userId,
    check: async () => {
      const em = ctx.em.fork();
      await look({ ...ctx, em, viewer: await viewerNow(em, ctx.viewer, ctx.now()) });
    },
    hears: ({ attachment }) =>
      canSeeFile(ctx.viewer, factsOf(attachment.file.unwrap()), isEditor && attachment.isHome ? 'EDIT' : 'SEE'),
  });
  try {
    await look(ctx);
    return events;
  } catch (error) {
    await events.return?.();
    throw error;
  }
}
