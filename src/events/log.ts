import { randomBytes } from 'node:crypto';
import { chunksOf } from '../database/chunks.ts';
import { waitUntilDurable } from '../database/durability.ts';
import type { EntityManager } from '../database/open.ts';
import { placeholders, select } from '../database/rows.ts';
import { type EventPayload, type EventType, type FileEvent, fileOf } from './event.ts';
import { ACCESS, type Topic } from './topic.ts';

/**
 * The log: what happened, written in the transaction that did it, and read by whoever follows it. Each topic counts
 * its own entries, so that a reader can tell a loss, and so that a page once full never changes.
 */

/** An entry to be written. */
export interface NewLogEntry {
  topic: Topic;
  type: EventType | 'ACCESS_CHANGED';
  at: Date;
  payload: object;
}

/** How many files more, or less, a place has, and how many of them are not available. */
export interface FileCounts {
  files: number;
  drafts: number;
}

/** Rows of one statement; each has five parameters, and every database takes that many. */
const ROWS = 1000;

/**
 * Writes entries, and keeps the counts of files of the places that topics are named after, in the caller's transaction
 * and as the last thing in it: from here to the commit, nobody else writes to these topics. Answers the number of the
 * last entry of each topic that has new ones.
 */
export async function appendToLog(
  em: EntityManager,
  entries: readonly NewLogEntry[],
  placed: ReadonlyMap<Topic, FileCounts> = new Map(),
): Promise<Map<Topic, number>> {
  const byTopic = Map.groupBy(entries, (entry) => entry.topic);
  // In the order of their names, so that two transactions never wait for each other.
  const topics = [...new Set([...byTopic.keys(), ...placed.keys()])].sort();
  const last = new Map<Topic, number>();
  for (const some of chunksOf(topics, ROWS)) {
    const counted: { topic: Topic; seq: number | string }[] = await em.execute(
      `insert into event_topics (topic, seq, files, drafts) values ${some.map(() => '(?, ?, ?, ?)').join(', ')}
       on conflict (topic) do update set seq = event_topics.seq + excluded.seq,
         files = event_topics.files + excluded.files, drafts = event_topics.drafts + excluded.drafts
       returning topic, seq`,
      some.flatMap((topic) => {
        const { files = 0, drafts = 0 } = placed.get(topic) ?? {};
        return [topic, byTopic.get(topic)?.length ?? 0, files, drafts];
      }),
    );
    for (const { topic, seq } of counted) if (byTopic.has(topic)) last.set(topic, Number(seq));
  }
  const rows = topics.flatMap((topic) => {
    const own = byTopic.get(topic) ?? [];
    const before = (last.get(topic) ?? 0) - own.length;
    return own.map((entry, index) => [
      topic,
      before + index + 1,
      entry.type,
      entry.at.getTime(),
      JSON.stringify(entry.payload),
    ]);
  });
  for (const some of chunksOf(rows, ROWS)) {
    await em.execute(
      `insert into event_log (topic, seq, type, at, payload) values ${some.map(() => '(?, ?, ?, ?, ?)').join(', ')}`,
      some.flat(),
    );
  }
  return last;
}

/** A part of a topic: at most `limit` entries after the number `after`. */
export interface LogRange {
  topic: Topic;
  after: number;
  limit: number;
}

interface Row {
  topic: Topic;
  seq: number | string;
  type: string;
  at: number | string;
  payload: string;
}

/** Reading waits for no writer. */
const onReader = { connectionType: 'read' } as const;

/** Stretches of one statement; SQLite takes 500. */
const STRETCHES = 100;

/**
 * Reads stretches of the log, each in order, and answers them in the order of asking. What retention took is missing, and
 * seen by its missing numbers.
 */
async function readRanges(em: EntityManager, stretches: readonly LogRange[]): Promise<Row[][]> {
  const found: Row[][] = stretches.map(() => []);
  for (const [part, some] of chunksOf(stretches, STRETCHES).entries()) {
    const sql = some.map(
      (_, index) =>
        `select * from (select ${part * STRETCHES + index} as stretch, topic, seq, type, at, payload from event_log
         where topic = ? and seq > ? order by seq limit ?) stretch${index}`,
    );
    const params = some.flatMap(({ topic, after, limit }) => [topic, after, limit]);
    const rows: (Row & { stretch: number })[] = await em.execute(sql.join(' union all '), params, onReader);
    for (const row of rows) found[row.stretch]?.push(row);
  }
  await waitUntilDurable(em);
  for (const rows of found) rows.sort((a, b) => Number(a.seq) - Number(b.seq));
  return found;
}

/** Reads events of one topic or several; see `readRanges`. */
export async function readLog(em: EntityManager, stretches: readonly LogRange[]): Promise<FileEvent[][]> {
  return (await readRanges(em, stretches)).map((rows) => rows.map(toFileEvent));
}

function toFileEvent({ topic, seq, type, at, payload }: Row): FileEvent {
  const { file, ...kept } = JSON.parse(payload) as EventPayload;
  return { ...kept, topic, seq: Number(seq), type: type as EventType, at: new Date(Number(at)), file: fileOf(file) };
}

/** Whose rights may have changed: those of a user, wherever, or those of everybody on one thing. */
export type AccessChange = { userId: number } | { topic: Topic };

export function accessEntry(at: Date, change: AccessChange): NewLogEntry {
  return { topic: ACCESS, type: 'ACCESS_CHANGED', at, payload: change };
}

/** How access changed after this entry. */
export async function readAccessChanges(em: EntityManager, after: number, limit: number): Promise<AccessChange[]> {
  const [rows = []] = await readRanges(em, [{ topic: ACCESS, after, limit }]);
  return rows.map((row) => JSON.parse(row.payload) as AccessChange);
}

/** Where a topic ends, and the number before its oldest entry that is kept. */
export interface TopicBounds {
  head: number;
  floor: number;
}

/** How many files are at the place that the topic is named after, and how many of them are not available. */
export async function fileCountsOf(em: EntityManager, topic: Topic): Promise<FileCounts> {
  const [found] = await select<{ files: number | string; drafts: number | string }>(
    em,
    'select files, drafts from event_topics where topic = ?',
    [topic],
  );
  return { files: Number(found?.files ?? 0), drafts: Number(found?.drafts ?? 0) };
}

/** How far each of the topics goes; one in which nothing ever happened is not in the answer. */
export async function topicBoundsOf(em: EntityManager, topics: readonly Topic[]): Promise<Map<Topic, TopicBounds>> {
  const extents = new Map<Topic, TopicBounds>();
  for (const some of chunksOf(topics, ROWS)) {
    type Found = { topic: Topic; head: number | string; oldest: number | string | null };
    const rows: Found[] = await em.execute(
      `select t.topic, t.seq as head, (select min(e.seq) from event_log e where e.topic = t.topic) as oldest
       from event_topics t where t.topic in (${placeholders(some)})`,
      [...some],
      onReader,
    );
    for (const { topic, head, oldest } of rows) {
      extents.set(topic, { head: Number(head), floor: oldest === null ? Number(head) : Number(oldest) - 1 });
    }
  }
  await waitUntilDurable(em);
  return extents;
}

/** Entries that are forgotten by one statement: others wait for no more than that. */
const PIECE = 5000;

/** Forgets what happened before a moment, a piece at a time. Answers how many entries went. */
export async function deleteEventsBefore(em: EntityManager, moment: Date): Promise<number> {
  for (let gone = 0; ; ) {
    const { affectedRows } = await em.execute<{ affectedRows: number }>(
      `delete from event_log where id in (select id from event_log where at < ? order by at limit ${PIECE})`,
      [moment.getTime()],
      'run',
    );
    gone += affectedRows;
    if (affectedRows < PIECE) return gone;
  }
}

/** Tells this log from any other: cursors of another one mean nothing here. */
export async function readEpoch(em: EntityManager): Promise<string> {
  const rows: { epoch: string }[] = await em.execute('select epoch from event_epoch', [], onReader);
  if (!rows[0]) throw new Error('The event log has no epoch: the database was not migrated.');
  return rows[0].epoch;
}

/** Makes it another log: no cursor given before means anything any more. For servers that start after it. */
export async function resetEpoch(em: EntityManager): Promise<void> {
  await em.execute('update event_epoch set epoch = ?', [randomBytes(8).toString('hex')]);
}
