import { BadUserInputError, CursorExpiredError } from '../errors.ts';
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
 * The number in a cursor of this topic and this log. Throws `BadUserInputError` for what is no cursor, or one of another
 * topic, and `CursorExpiredError` for one of another log.
 */
export function seqIn(cursor: string, { epoch, topic }: Omit<Position, 'seq'>): number {
  const [, ofEpoch, ofTopic, seq] =
    /^([0-9a-f]+) ([A-Za-z]+:\d+) (\d{1,15})$/.exec(Buffer.from(cursor.slice(0, MAX_CURSOR), 'base64url').toString()) ??
    [];
  if (ofTopic === undefined)
    throw new BadUserInputError(
      `"${cursor.slice(0, 100)}" is not a cursor of events. Use one that came with an event.`,
    );
  if (ofTopic !== topic) throw new BadUserInputError(`This cursor is one of ${ofTopic}, not of ${topic}.`);
  if (ofEpoch !== epoch) throw new CursorExpiredError('This cursor is one of another event log.');
  return Number(seq);
}
