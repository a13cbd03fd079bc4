import { useEffect, useRef } from 'react';
import type { FileListState } from '../files/use-file-list.ts';
import { useUploadQueue } from '../uploads/uploads-provider.tsx';
import { type FileEvent, onFileEvent } from './file-events.ts';
import { isLive, useLive } from './live-provider.tsx';
import { reportEvents } from './report-events.ts';
import { useEvents } from './use-events.ts';

/** How long events are collected before they are shown together, in milliseconds. */
const SHOW_MS = 150;
/** How long events are collected for one notification, in milliseconds. */
const REPORT_MS = 1200;
/** A list that would get longer than this is read again from its start, unless it is scrolled. */
const MAX_ROWS = 300;

/** Shows in a list of files what others do, and reports it. */
export function useLiveFiles(placeId: string, list: FileListState, viewerId: string): void {
  const latest = useRef(list);
  latest.current = list;
  useOwnUploads(placeId, latest);
  const show = useTogether<FileEvent>(SHOW_MS, (events) => showEvents(events, latest.current));
  const report = useTogether(REPORT_MS, reportEvents);
  useEvents(onFileEvent, placeId, list.eventCursor, {
    onEvent(event) {
      // The list of a project has its own files, not those of its tasks.
      if (event.onId === placeId) show(event);
      if (event.actor.id !== viewerId) report(event);
    },
    onGap: () => void list.refetch(),
    onEnd: () => void list.refetch(),
  });
}

/** Shows the user's own uploads also where the connection for events cannot be made. */
function useOwnUploads(placeId: string, list: React.RefObject<FileListState>): void {
  const queue = useUploadQueue();
  const live = useLive();
  useEffect(() => {
    const countStored = () =>
      queue.snapshot().items.filter(({ target, state }) => target.on === placeId && state === 'done').length;
    let stored = countStored();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = queue.subscribe(() => {
      const before = stored;
      stored = countStored();
      if (stored <= before || isLive(live.light())) return;
      clearTimeout(timer);
      timer = setTimeout(() => void list.current.refetch(), REPORT_MS);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [queue, live, placeId, list]);
}

function showEvents(events: readonly FileEvent[], list: FileListState): void {
  if (list.files.length + events.length > MAX_ROWS && scrollY === 0) return void list.refetch();
  for (const { type, file, previousFileId } of events)
    if (type === 'FILE_REMOVED' || type === 'FILE_DETACHED') list.drop([file.id]);
    else list.insert(file, previousFileId);
}

/** Calls `onChange` when another version of a file appears, or one changes or disappears. */
export function useLiveFile(
  file: { id: string; versions: { id: string }[]; attachedTo: { id: string }[] },
  onChange: () => void,
): void {
  const versions = new Set([file.id, ...file.versions.map(({ id }) => id)]);
  const change = useTogether<FileEvent>(SHOW_MS, onChange);
  useEvents(onFileEvent, file.attachedTo[0]?.id, null, {
    onEvent(event) {
      if (versions.has(event.file.id) || versions.has(event.previousFileId ?? '')) change(event);
    },
    onGap: onChange,
    onEnd: onChange,
  });
}

/** Collects items, and hands them on together after `ms`. */
export function useTogether<Item>(ms: number, handle: (items: readonly Item[]) => void): (item: Item) => void {
  const pending = useRef<Item[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(handle);
  latest.current = handle;
  useEffect(() => () => clearTimeout(timer.current), []);
  return (item) => {
    pending.current.push(item);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      latest.current(pending.current.splice(0));
    }, ms);
  };
}
