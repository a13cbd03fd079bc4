import type { Context } from '../context.ts';
import type { AttachableRef } from '../database/entities/index.ts';
import { type FileEvent, topicOf } from '../events/hub.ts';
import { reachOne } from '../workspace/attachable.ts';

/**
 * What happens on an attachable from now on; a project also hears its tasks and comments.
 * Throws `NotFound` before anything is subscribed to.
 */
export async function listen(ctx: Context, on: AttachableRef): Promise<AsyncIterableIterator<FileEvent, undefined>> {
  const { ref } = await reachOne(ctx, on);
  return ctx.events.subscribe(topicOf(ref));
}
