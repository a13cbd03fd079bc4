import { useEffect, useRef } from 'react';
import { stringifyDocument, useClient } from 'urql';
import type { OnFileEventSubscription } from '../generated/graphql.ts';
import { eventCursorQuery, type FileEvent, onFileEvent } from './file-events.ts';
import { useLive } from './live-provider.tsx';

export interface FileEventHandlers {
  /** Called for each event, once and in order. */
  onEvent(event: FileEvent): void;
  /** Called when events may have been missed: load everything again. */
  onGap(): void;
  /** Called when the server ended the subscription, as after the loss of access. */
  onEnd?(error: unknown): void;
}

/**
 * Subscribes to the events of a place after a cursor, which is that of its list; with `null`, from
 * now on. Does nothing while either is undefined.
 */
export function useFileEvents(
  on: string | undefined,
  after: string | null | undefined,
  handlers: FileEventHandlers,
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
    return live.client.subscribe<OnFileEventSubscription>(
      { query: stringifyDocument(onFileEvent), variables: { on, after: start.current ?? undefined } },
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
          const { data, error } = await client.query(eventCursorQuery, { id: on }, { requestPolicy: 'network-only' });
          const cursor = data?.node && 'files' in data.node ? data.node.files.eventCursor : undefined;
          if (!cursor) throw error ?? new Error('The place has no log of events.');
          // After the position was read: what happens in between arrives twice, and nothing is missed.
          latest.current.onGap();
          return cursor;
        },
      },
    );
  }, [live, client, on, isKnown]);
}
