import { viewerNow } from '../auth/keys.ts';
import type { Context } from '../context.ts';
import type { AttachableRef } from '../database/entities/index.ts';
import { type FileEvent, topicOf } from '../events/hub.ts';
import { reachOne } from '../workspace/attachable.ts';

/**
 * What happens on an attachable from now on; a project also hears its tasks and comments. It ends with an error when
 * the key or the right to see the attachable is lost. Throws `NotFound` before anything is subscribed to.
 */
export async function listen(ctx: Context, on: AttachableRef): Promise<AsyncIterableIterator<FileEvent, undefined>> {
  // First listened, then asked: a right that is lost in between is seen by one of the two.
  const events = ctx.events.subscribe(topicOf(on), {
    userId: ctx.viewer.userId,
    check: async () => {
      const em = ctx.em.fork();
      const viewer = await viewerNow(em, ctx.viewer, ctx.now());
      await reachOne({ ...ctx, em, viewer }, on);
    },
  });
  try {
    await reachOne(ctx, on);
    return events;
  } catch (error) {
    await events.return?.();
    throw error;
  }
}
