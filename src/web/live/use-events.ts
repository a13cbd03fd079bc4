import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useEffect, useRef } from 'react';
import { stringifyDocument, useClient } from 'urql';
import type { OnFileEventSubscriptionVariables } from '../generated/graphql.ts';
import { readEventCursor } from './file-events.ts';
import { useLive } from './live-provider.tsx';

export interface EventHandlers<Event> {
  /** Called for each event, once and in order. */
  onEvent(event: Event): void;
  /** Called when events may have been missed: load everything again. */
  onGap(): void;
  /** Called when the server ended the subscription, as after the loss of access. */
  onEnd?(error: unknown): void;
}

/** A subscription to `fileEvents` that selects `cursor`. */
type EventSubscription<Event> = TypedDocumentNode<{ fileEvents: Event }, OnFileEventSubscriptionVariables>;

/**
 * Subscribes to the events of a place after a cursor, which is that of its list; with `null`, from
 * now on. Does nothing while either is undefined.
 */
export function useEvents<Event>(
  document: EventSubscription<Event>,
  on: string | undefined,
  after: string | null | undefined,
  handlers: EventHandlers<Event>,
): void {
  const live = useLive();
  const client = useClient();
  const latest = useRef(handlers);
  latest.current = handlers;
  // A list that is loaded again has a newer cursor. The subscription continues from its own.
  const start = useRef(after);
  start.current = after;
  const isKnown = after !== undefined;
  useEffect(() => {
    if (!on || !isKnown) return;
    return live.client.subscribe<{ fileEvents: Event }>(
      { query: stringifyDocument(document), variables: { on, after: start.current ?? undefined } },
      {
        next({ data }) {
          if (data) latest.current.onEvent(data.fileEvents);
          // An event that could not be sent, such as one that is too large.
          else latest.current.onGap();
        },
        error(error) {
          live.stop();
          latest.current.onEnd?.(error);
        },
        complete: () => live.stop(),
      },
      {
        async onCursorExpired() {
          const cursor = await readEventCursor(client, on);
          if (!cursor) throw new Error('The position in the log of events could not be read.');
          // After the position was read: what happens in between arrives twice, and nothing is
          // missed.
          latest.current.onGap();
          return cursor;
        },
      },
    );
  }, [live, client, document, on, isKnown]);
}
