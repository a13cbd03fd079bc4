import { refreshViewer } from '../auth/authenticate-key.ts';
import { canReceiveEvent } from '../auth/permissions.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import type { AttachableRef } from '../database/entities/index.ts';
import { CursorExpiredError } from '../errors.ts';
import { parseEventCursor } from '../events/cursor.ts';
import type { EventType, FileEvent } from '../events/event.ts';
import type { SubscribeOptions } from '../events/events.ts';
import { readEventRanges, readTopicBounds } from '../events/log-reader.ts';
import type { Subscriber } from '../events/subscriber.ts';
import type { Subscription } from '../events/subscription.ts';
import { topicOf } from '../events/topic.ts';
import { loadAttachable } from '../workspace/attachable.ts';

/**
 * Subscribes to the events of an attachable, from now on or after a cursor; those of a project
 * include its tasks and comments. `types` limits the types of events. The subscription ends with an
 * error when the viewer's key expires or is revoked, or when the viewer may no longer see the
 * attachable. Throws `NotFoundError`, `BadUserInputError`, `CursorExpiredError`, `RateLimitedError`
 * before it begins.
 */
export function subscribeToEvents(
  request: RequestContext,
  on: AttachableRef,
  { types, ...options }: SubscribeOptions & { types?: readonly EventType[] } = {},
): Promise<Subscription> {
  const ctx = contextOf(request);
  const subscriber: Subscriber = {
    viewer: ctx.viewer,
    async loadAccess() {
      const em = ctx.em.fork();
      const viewer = await refreshViewer(em, ctx.viewer, ctx.now());
      const current: Context = { ...ctx, em, viewer };
      const { isEditor } = await loadAttachable(current, on);
      return { viewer, isEditor };
    },
    wants: ({ type }) => !types || types.includes(type),
    canReceive: (event, { viewer, isEditor }) => canReceiveEvent(viewer, isEditor, event),
  };
  return ctx.events.subscribe(topicOf(on), subscriber, options);
}

/** A page of the events of an attachable. */
export interface EventPage {
  events: FileEvent[];
  /**
   * The `seq` up to which the log was read. The next page begins after it, even when the viewer may
   * see no event.
   */
  readUntil: number;
  /** Whether the log has entries after `readUntil`. */
  hasMore: boolean;
}

/**
 * The events of an attachable after a cursor, or from the oldest stored one; at most `limit`.
 * Throws `NotFoundError`, `BadUserInputError`, `CursorExpiredError`.
 */
export async function readEvents(
  request: RequestContext,
  on: AttachableRef,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<EventPage> {
  const ctx = contextOf(request);
  const topic = topicOf(on);
  const { head, floor } = (await readTopicBounds(ctx.em, [topic])).get(topic) ?? { head: 0, floor: 0 };
  // After `head` is known: events that are written after the viewer lost access are not read.
  const { isEditor } = await loadAttachable(ctx, on);
  const since = after === undefined ? floor : parseEventCursor(after, { epoch: ctx.events.epoch, topic });
  if (since < floor || since > head) throw new CursorExpiredError();
  const [events = []] = await readEventRanges(ctx.em, [{ topic, after: since, limit: Math.min(limit, head - since) }]);
  if (events.some((event, index) => event.seq !== since + 1 + index)) throw new CursorExpiredError();
  const readUntil = events.at(-1)?.seq ?? since;
  return {
    events: events.filter((event) => canReceiveEvent(ctx.viewer, isEditor, event)),
    readUntil,
    hasMore: readUntil < head,
  };
}
