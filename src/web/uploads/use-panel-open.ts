import { type RefObject, useEffect, useState } from 'react';
import type { QueueSnapshot } from './upload-item.ts';

/** How long the list stays open after the last upload has ended, in milliseconds. */
const SHOWN_MS = 8000;

/**
 * Whether the list of uploads is open, and how the user opens and closes it. It closes by itself
 * some time after all uploads have ended without failure, because it covers a part of the view, but
 * not while the pointer or the focus is in it. Further uploads open it again.
 */
export function usePanelOpen(panel: RefObject<HTMLElement | null>, { items, counts }: QueueSnapshot) {
  const [isChosen, setIsChosen] = useState(() => matchMedia('(min-width: 48em)').matches);
  const [isLeft, setIsLeft] = useState(false);
  const isDone = items.length > 0 && counts.done === items.length;
  // A small file may begin and end between two snapshots.
  const newest = items.at(-1)?.id;
  useEffect(() => {
    if (!isDone || newest === undefined) return;
    const timer = setInterval(() => {
      if (panel.current?.matches(':hover, :focus-within')) return;
      clearInterval(timer);
      setIsLeft(true);
    }, SHOWN_MS);
    return () => {
      clearInterval(timer);
      setIsLeft(false);
    };
  }, [isDone, newest, panel]);
  const toggle = () => {
    setIsChosen(isLeft || !isChosen);
    setIsLeft(false);
  };
  return { isOpen: isChosen && !isLeft, toggle };
}
