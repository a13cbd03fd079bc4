import { chunksOf } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import { executeUnawaited } from '../database/pipeline.ts';
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
  const lastSeqs = new Map<Topic, number>();
  for (const { sql, params } of topicStatements(byTopic, countChanges)) {
    const updated = await em.execute<UpdatedTopic[]>(sql, params);
    for (const { topic, seq } of updated) if (byTopic.has(topic)) lastSeqs.set(topic, Number(seq));
  }
  const rows = [...byTopic].flatMap(([topic, own]) => {
    const before = (lastSeqs.get(topic) ?? 0) - own.length;
    return own.map((entry, index) => [topic, before + index + 1, ...columnsOf(entry)]);
  });
  for (const some of chunksOf(rows, ROWS_PER_STATEMENT)) {
    await executeUnawaited(
      em,
      `insert into event_log (topic, seq, type, at, payload) values ${some.map(() => '(?, ?, ?, ?, ?)').join(', ')}`,
      some.flat(),
    );
  }
  return lastSeqs;
}

/** Beyond it, looking up the numbers of entries costs more than to wait for them. */
const MAX_UNAWAITED = 50;

/**
 * Does the same as the last step before the commit, and returns a function that returns the numbers
 * after it. PostgreSQL gets the commit without a wait for the numbers.
 */
export async function appendBeforeCommit(
  em: EntityManager,
  entries: readonly NewLogEntry[],
  countChanges: ReadonlyMap<Topic, FileCounts>,
): Promise<() => Map<Topic, number>> {
  if (entries.length > MAX_UNAWAITED || countChanges.size > MAX_UNAWAITED) {
    const lastSeqs = await appendToLog(em, entries, countChanges);
    return () => lastSeqs;
  }
  const byTopic = Map.groupBy(entries, (entry) => entry.topic);
  const updated: (readonly UpdatedTopic[])[] = [];
  for (const { sql, params } of topicStatements(byTopic, countChanges))
    updated.push(await executeUnawaited<UpdatedTopic>(em, sql, params));
  const rows = [...byTopic].flatMap(([topic, own]) =>
    own.map((entry, index) => [topic, topic, own.length - index - 1, ...columnsOf(entry)]),
  );
  if (rows.length > 0) {
    const row = '(?, (select seq from event_topics where topic = ?) - ?, ?, ?, ?)';
    const sql = `insert into event_log (topic, seq, type, at, payload) values ${rows.map(() => row).join(', ')}`;
    await executeUnawaited(em, sql, rows.flat());
  }
  return () =>
    new Map(updated.flat().flatMap(({ topic, seq }) => (byTopic.has(topic) ? [[topic, Number(seq)] as const] : [])));
}

interface UpdatedTopic {
  topic: Topic;
  seq: number | string;
}

/**
 * The order in which all transactions lock topics, so that no two of them deadlock: those of
 * projects first, because uploads that share a transaction lock that of their project with the
 * first of them, and others in the project after it.
 */
function byLockOrder(a: Topic, b: Topic): number {
  const [first, second] = [a, b].map((topic) => (topic.startsWith('Project:') ? ` ${topic}` : topic)) as [
    string,
    string,
  ];
  return first < second ? -1 : Number(first > second);
}

/** Statements that number the new entries, count files, and return the numbers of the topics. */
function topicStatements(
  byTopic: ReadonlyMap<Topic, readonly NewLogEntry[]>,
  countChanges: ReadonlyMap<Topic, FileCounts>,
): { sql: string; params: unknown[] }[] {
  const topics = [...new Set([...byTopic.keys(), ...countChanges.keys()])].sort(byLockOrder);
  return [...chunksOf(topics, ROWS_PER_STATEMENT)].map((some) => ({
    sql: `insert into event_topics (topic, seq, files, drafts) values ${some.map(() => '(?, ?, ?, ?)').join(', ')}
       on conflict (topic) do update set seq = event_topics.seq + excluded.seq,
         files = event_topics.files + excluded.files, drafts = event_topics.drafts + excluded.drafts
       returning topic, seq`,
    params: some.flatMap((topic) => {
      const { files = 0, drafts = 0 } = countChanges.get(topic) ?? {};
      return [topic, byTopic.get(topic)?.length ?? 0, files, drafts];
    }),
  }));
}

const columnsOf = ({ type, at, payload }: NewLogEntry) => [type, at.getTime(), JSON.stringify(payload)];

/** Builds the log entry of an access change. */
export function accessEntry(at: Date, change: AccessChange): NewLogEntry {
  return { topic: ACCESS_TOPIC, type: 'ACCESS_CHANGED', at, payload: change };
}
