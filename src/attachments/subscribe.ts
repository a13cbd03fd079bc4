import { viewerNow } from '../auth/authenticate-key.ts';
import { canHear } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import type { AttachableRef } from '../database/entities/index.ts';
import { CursorExpired } from '../errors.ts';
import { seqIn } from '../events/cursor.ts';
import type { EventType, FileEvent } from '../events/event.ts';
import type { OpenOptions } from '../events/hub.ts';
import { extentsOf, readEvents } from '../events/log.ts';
import type { Listener, Subscription } from '../events/subscription.ts';
import { topicOf } from '../events/topic.ts';
import { reachOne } from '../workspace/attachable.ts';

/**
 * What happens on an attachable, from now on or after a cursor; a project also hears its tasks and comments. It ends
 * with an error when the key or the right to see the attachable is lost. Only these types of events, if given.
 * Throws `NotFound`, `BadInput`, `CursorExpired`, `Busy` before anything is subscribed to.
 */
export function listen(
  ctx: Context,
  on: AttachableRef,
  { types, ...options }: OpenOptions & { types?: readonly EventType[] } = {},
): Promise<Subscription> {
  const listener: Listener = {
    viewer: ctx.viewer,
    async check() {
      const em = ctx.em.fork();
      const viewer = await viewerNow(em, ctx.viewer, ctx.now());
      const { isEditor } = await reachOne({ ...ctx, em, viewer }, on);
      return { viewer, isEditor };
    },
    wants: ({ type }) => !types || types.includes(type),
    mayHear: (event, { viewer, isEditor }) => canHear(viewer, isEditor, event),
  };
  return ctx.events.open(topicOf(on), listener, options);
}

/** A part of what happened on an attachable. */
export interface Past {
  events: FileEvent[];
  /** The number up to which the log was read: go on after it, even when nothing of it was for the viewer. */
  readUntil: number;
  /** Whether there is more after it. */
  hasMore: boolean;
}

/**
 * What happened on an attachable after a cursor, or since the oldest that is kept; at most `limit` events.
 * Throws `NotFound`, `BadInput`, `CursorExpired`.
 */
export async function readPast(
  ctx: Context,
  on: AttachableRef,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<Past> {
  const topic = topicOf(on);
  const { head, floor } = (await extentsOf(ctx.em, [topic])).get(topic) ?? { head: 0, floor: 0 };
  // Asked after it is known how far to read: what was written after the right was lost is not read.
  const { isEditor } = await reachOne(ctx, on);
  const since = after === undefined ? floor : seqIn(after, { epoch: ctx.events.epoch, topic });
  if (since < floor || since > head) throw new CursorExpired();
  const [events = []] = await readEvents(ctx.em, [{ topic, after: since, limit: Math.min(limit, head - since) }]);
  if (events.some((event, index) => event.seq !== since + 1 + index)) throw new CursorExpired();
  const readUntil = events.at(-1)?.seq ?? since;
  return {
    events: events.filter((event) => canHear(ctx.viewer, isEditor, event)),
    readUntil,
    hasMore: readUntil < head,
  };
}
