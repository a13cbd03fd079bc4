import { chunksOf } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import type { EventType } from './event.ts';
import { ACCESS_TOPIC, type Topic } from './topic.ts';

/**
 * Writing to the event log. An entry is written in the transaction of the change that it reports.
 * Each topic numbers its own entries without gaps: a reader detects a missing entry by its number,
 * and a page of entries that is full never changes again.
 */

/**
 * An entry to append to the log. The payload becomes JSON: an `EventPayload` or an `AccessChange`.
 */
export interface NewLogEntry {
  topic: Topic;
  type: EventType | 'ACCESS_CHANGED';
  at: Date;
  payload: object;
}

/**
 * The users whose permissions may have changed: one user, or every user of a topic. It is persisted
 * as the payload of the entries of `ACCESS_TOPIC`: renaming a key needs a migration.
 */
export type AccessChange = { userId: number } | { topic: Topic };

/**
 * How many files are attached to an attachable, and how many of them are not available (drafts).
 */
export interface FileCounts {
  files: number;
  drafts: number;
}

/** Rows of one statement. Each has up to five parameters, and SQLite takes at most 32,766. */
const ROWS_PER_STATEMENT = 1000;

/**
 * Appends entries to the log and adds to the stored file counts of topics, in the caller's
 * transaction. It has to be the last step of the transaction: until the commit, other transactions
 * that write to the same topics wait. Returns the number of the last entry of each topic that has
 * new entries.
 */
export async function appendToLog(
  em: EntityManager,
  entries: readonly NewLogEntry[],
  countChanges: ReadonlyMap<Topic, FileCounts> = new Map(),
): Promise<Map<Topic, number>> {
  const byTopic = Map.groupBy(entries, (entry) => entry.topic);
  // All transactions lock topics in the same order, so that no two of them deadlock.
  const topics = [...new Set([...byTopic.keys(), ...countChanges.keys()])].sort();
  const lastSeqs = new Map<Topic, number>();
  for (const some of chunksOf(topics, ROWS_PER_STATEMENT)) {
    const updated: { topic: Topic; seq: number | string }[] = await em.execute(
      `insert into event_topics (topic, seq, files, drafts) values ${some.map(() => '(?, ?, ?, ?)').join(', ')}
       on conflict (topic) do update set seq = event_topics.seq + excluded.seq,
         files = event_topics.files + excluded.files, drafts = event_topics.drafts + excluded.drafts
       returning topic, seq`,
      some.flatMap((topic) => {
        const { files = 0, drafts = 0 } = countChanges.get(topic) ?? {};
        return [topic, byTopic.get(topic)?.length ?? 0, files, drafts];
      }),
    );
    for (const { topic, seq } of updated) if (byTopic.has(topic)) lastSeqs.set(topic, Number(seq));
  }
  const rows = topics.flatMap((topic) => {
    const own = byTopic.get(topic) ?? [];
    const before = (lastSeqs.get(topic) ?? 0) - own.length;
    return own.map((entry, index) => [
      topic,
      before + index + 1,
      entry.type,
      entry.at.getTime(),
      JSON.stringify(entry.payload),
    ]);
  });
  for (const some of chunksOf(rows, ROWS_PER_STATEMENT)) {
    await em.execute(
      `insert into event_log (topic, seq, type, at, payload) values ${some.map(() => '(?, ?, ?, ?, ?)').join(', ')}`,
      some.flat(),
    );
  }
  return lastSeqs;
}

/** Builds the log entry of an access change. */
export function accessEntry(at: Date, change: AccessChange): NewLogEntry {
  return { topic: ACCESS_TOPIC, type: 'ACCESS_CHANGED', at, payload: change };
}
