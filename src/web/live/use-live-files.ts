import { notifications } from '@mantine/notifications';
import { useEffect, useRef } from 'react';
import type { FileListState } from '../files/use-file-list.ts';
import { format, messages } from '../messages/messages.ts';
import type { FileEvent } from './file-events.ts';
import { useFileEvents } from './use-file-events.ts';

/** Events of so long are reported together, in milliseconds. */
const TOGETHER_MS = 1200;

/** Shows in a list of files what others do, and reports it. */
export function useLiveFiles(placeId: string, list: FileListState, viewerId: string): void {
  const report = useReport(viewerId);
  useFileEvents(placeId, list.eventCursor, {
    onEvent(event) {
      apply(event, placeId, list);
      report(event);
    },
    onGap: () => void list.refetch(),
    onEnd: () => void list.refetch(),
  });
}

/** The list of a project has its own files, not those of its tasks. */
function apply({ type, onId, file, previousFileId }: FileEvent, placeId: string, list: FileListState): void {
  if (onId !== placeId) return;
  if (type === 'FILE_REMOVED' || type === 'FILE_DETACHED') list.drop([file.id]);
  else list.insert(file, previousFileId);
}

/** Reports the events of others: one by its name, many at once by their number. */
function useReport(viewerId: string): (event: FileEvent) => void {
  const pending = useRef<FileEvent[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (event) => {
    if (event.actor.id === viewerId) return;
    pending.current.push(event);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      for (const message of summarize(pending.current.splice(0)))
        notifications.show({ message, autoClose: 6000, withBorder: true });
    }, TOGETHER_MS);
  };
}

/** One sentence for each kind of event and person. */
export function summarize(events: readonly FileEvent[]): string[] {
  const groups = new Map<string, FileEvent[]>();
  for (const event of events) {
    const key = `${event.type} ${event.actor.id}`;
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return [...groups.values()].map((group) => {
    const [{ type, actor, file }] = group as [FileEvent];
    const { one, many } = messages.live.events[type];
    return format(group.length === 1 ? one : many, {
      who: isolate(actor.displayName),
      name: isolate(file.name),
      count: group.length,
    });
  });
}

/** Keeps the direction of a name from changing the text around it. */
const isolate = (text: string) => `\u2068${text}\u2069`;
