import { chunksOf } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import { waitUntilDurable } from '../database/durability.ts';
import { placeholders, select } from '../database/rows.ts';
import { type EventPayload, type EventType, type FileEvent, fileFromSnapshot } from './event.ts';
import type { AccessChange, FileCounts } from './log-writer.ts';
import { ACCESS_TOPIC, type Topic } from './topic.ts';

/** A part of a topic: at most `limit` entries after number `after`. */
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

/** The connection that on SQLite does not wait for a running write transaction. */
const onReader = { connectionType: 'read' } as const;

/** Ranges of one statement. SQLite takes at most 500 terms of a compound select. */
const RANGES_PER_STATEMENT = 100;
/** Topics of one statement. */
const TOPICS_PER_STATEMENT = 1000;

/**
 * Reads ranges of the log and returns their rows in the order of the ranges, each by number.
 * Entries that retention deleted are absent: the caller detects them by their missing numbers.
 */
async function readRanges(em: EntityManager, ranges: readonly LogRange[]): Promise<Row[][]> {
  const found: Row[][] = ranges.map(() => []);
  for (const [part, some] of chunksOf(ranges, RANGES_PER_STATEMENT).entries()) {
    const sql = some.map(
      (_, index) =>
        `select * from (select ${part * RANGES_PER_STATEMENT + index} as range_index, topic, seq, type, at, payload
         from event_log where topic = ? and seq > ? order by seq limit ?) range${index}`,
    );
    const params = some.flatMap(({ topic, after, limit }) => [topic, after, limit]);
    const rows: (Row & { range_index: number })[] = await em.execute(sql.join(' union all '), params, onReader);
    for (const row of rows) found[row.range_index]?.push(row);
  }
  await waitUntilDurable(em);
  for (const rows of found) rows.sort((a, b) => Number(a.seq) - Number(b.seq));
  return found;
}

/**
 * Reads the events of ranges, of one topic or several, and returns them in the order of the ranges,
 * each by number. Events that retention deleted are absent: the caller detects them by their
 * missing numbers.
 */
export async function readEventRanges(em: EntityManager, ranges: readonly LogRange[]): Promise<FileEvent[][]> {
  return (await readRanges(em, ranges)).map((rows) => rows.map(toFileEvent));
}

function toFileEvent({ topic, seq, type, at, payload }: Row): FileEvent {
  const { file, ...members } = JSON.parse(payload) as EventPayload;
  const columns = { topic, seq: Number(seq), type: type as EventType, at: new Date(Number(at)) };
  return { ...members, ...columns, file: fileFromSnapshot(file) };
}

/** Reads at most `limit` access changes after number `after` of `ACCESS_TOPIC`. */
export async function readAccessChanges(em: EntityManager, after: number, limit: number): Promise<AccessChange[]> {
  const [rows = []] = await readRanges(em, [{ topic: ACCESS_TOPIC, after, limit }]);
  return rows.map((row) => JSON.parse(row.payload) as AccessChange);
}

/**
 * The number of the last entry of a topic, and the number before its oldest entry that is stored.
 */
export interface TopicBounds {
  head: number;
  floor: number;
}

/** Reads the bounds of topics. The result lacks topics that never had an entry. */
export async function readTopicBounds(em: EntityManager, topics: readonly Topic[]): Promise<Map<Topic, TopicBounds>> {
  const bounds = new Map<Topic, TopicBounds>();
  for (const some of chunksOf(topics, TOPICS_PER_STATEMENT)) {
    type Found = { topic: Topic; head: number | string; oldest: number | string | null };
    const rows: Found[] = await em.execute(
      `select t.topic, t.seq as head, (select min(e.seq) from event_log e where e.topic = t.topic) as oldest
       from event_topics t where t.topic in (${placeholders(some)})`,
      [...some],
      onReader,
    );
    for (const { topic, head, oldest } of rows) {
      bounds.set(topic, { head: Number(head), floor: oldest === null ? Number(head) : Number(oldest) - 1 });
    }
  }
  await waitUntilDurable(em);
  return bounds;
}

/** Reads how many files are attached to the attachable of a topic. See `countAttached`. */
export async function readFileCounts(em: EntityManager, topic: Topic): Promise<FileCounts> {
  const [found] = await select<{ files: number | string; drafts: number | string }>(
    em,
    'select files, drafts from event_topics where topic = ?',
    [topic],
  );
  return { files: Number(found?.files ?? 0), drafts: Number(found?.drafts ?? 0) };
}
