import { BadUserInputError, CursorExpiredError } from '../errors.ts';
import type { Topic } from './topic.ts';

/**
 * A position in a topic: every event up to and including number `seq` was received. Clients are
 * given it as an opaque string.
 */
export interface Position {
  /** The id of the log; see `readEpoch`. */
  epoch: string;
  topic: Topic;
  seq: number;
}

/** The cursor of a position, as clients get it. */
export const formatEventCursor = ({ epoch, topic, seq }: Position): string =>
  Buffer.from(`${epoch} ${topic} ${seq}`).toString('base64url');

/** More characters than any cursor has. The rest of a longer text is not decoded. */
const MAX_CURSOR = 500;

/**
 * Returns the event number in a cursor of this topic and log. Throws `BadUserInputError` for a text
 * that is not a cursor or a cursor of another topic, and `CursorExpiredError` for one of another
 * log.
 */
export function parseEventCursor(cursor: string, { epoch, topic }: Omit<Position, 'seq'>): number {
  const [, ofEpoch, ofTopic, seq] =
    /^([0-9a-f]+) ([A-Za-z]+:\d+) (\d{1,15})$/.exec(Buffer.from(cursor.slice(0, MAX_CURSOR), 'base64url').toString()) ??
    [];
  if (ofTopic === undefined)
    throw new BadUserInputError(
      `"${cursor.slice(0, 100)}" is not a cursor of events. Use one that came with an event.`,
    );
  if (ofTopic !== topic) throw new BadUserInputError(`This cursor belongs to ${ofTopic}, not to ${topic}.`);
  if (ofEpoch !== epoch) throw new CursorExpiredError('This cursor belongs to another event log.');
  return Number(seq);
}
