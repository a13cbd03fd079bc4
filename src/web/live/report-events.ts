import { notifications } from '@mantine/notifications';
import { format, messages } from '../messages/messages.ts';
import type { FileEvent } from './file-events.ts';

/** Reports what others did: one event by the name of its file, many by their number. */
export function reportEvents(events: readonly FileEvent[]): void {
  for (const message of summarize(events)) notifications.show({ message, role: 'status', autoClose: 6000 });
}

/** One sentence for each kind of event and person. */
export function summarize(events: readonly FileEvent[]): string[] {
  const groups = new Map<string, FileEvent[]>();
  for (const event of events) {
    const key = `${kindOf(event)} ${event.actor.id}`;
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [FileEvent];
    const { one, many } = messages.live.events[kindOf(first)];
    return format(group.length === 1 ? one : many, {
      who: isolate(first.actor.displayName),
      name: isolate(first.file.name),
      count: group.length,
    });
  });
}

/** Files of other people are not uploaded, but attached or made available. */
const kindOf = ({ type, file, actor }: FileEvent) =>
  type === 'FILE_ADDED' && file.createdBy.id !== actor.id ? 'FILE_ATTACHED' : type;

/** Keeps the direction of a name from changing the text around it. */
const isolate = (text: string) => `\u2068${text}\u2069`;
