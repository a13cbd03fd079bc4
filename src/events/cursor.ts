import { BadInput, CursorExpired } from '../errors.ts';
import type { Topic } from './topic.ts';

/** A position in a topic: everything up to the number was heard. Given to clients as a text that means nothing to them. */
export interface Position {
  epoch: string;
  topic: Topic;
  seq: number;
}

export const toCursor = ({ epoch, topic, seq }: Position): string =>
  Buffer.from(`${epoch} ${topic} ${seq}`).toString('base64url');

/** More characters than a cursor has: no more of a text are looked at. */
const MAX_CURSOR = 500;

/**
 * The number in a cursor of this topic and this log. Throws `BadInput` for what is no cursor, or one of another
 * topic, and `CursorExpired` for one of another log.
 */
export function seqIn(cursor: string, { epoch, topic }: Omit<Position, 'seq'>): number {
  const [, ofEpoch, ofTopic, seq] =
    /^([0-9a-f]+) ([A-Za-z]+:\d+) (\d{1,15})$/.exec(Buffer.from(cursor.slice(0, MAX_CURSOR), 'base64url').toString()) ??
    [];
  if (ofTopic === undefined)
    throw new BadInput(`"${cursor.slice(0, 100)}" is not a cursor of events. Use one that came with an event.`);
  if (ofTopic !== topic) throw new BadInput(`This cursor is one of ${ofTopic}, not of ${topic}.`);
  if (ofEpoch !== epoch) throw new CursorExpired('This cursor is one of another event log.');
  return Number(seq);
}
