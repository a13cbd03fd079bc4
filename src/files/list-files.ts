import type { SqlCondition } from '../auth/access-sql.ts';
import type { Context } from '../context.ts';
import { type AttachableRef, Attachment, File, type FileStatus } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { countRows, type Row, reader, select } from '../database/rows.ts';
import { containing } from '../database/sql.ts';
import { fileCountsOf } from '../events/log.ts';
import { topicOf } from '../events/topic.ts';
import type { AttachableAccess } from '../workspace/attachable.ts';
import { draftsVisibleTo, placeVisibleTo } from '../workspace/attachables/places.ts';

/** Which files of a list; what is not given does not matter. */
export interface FileFilter {
  /** A part of the name, ignoring case. */
  nameContains?: string | undefined;
  /** As in `image/png`, or `image/*`. */
  contentType?: string | undefined;
  isImage?: boolean | undefined;
  /** The uploader. */
  createdBy?: number | undefined;
  status?: FileStatus | undefined;
  available?: boolean | undefined;
  /** From this moment on, and before that one. */
  createdAfter?: Date | undefined;
  createdBefore?: Date | undefined;
}

export interface FileOrder {
  by: 'createdAt' | 'nameKey' | 'size';
  direction: 'ASC' | 'DESC';
}

/** Where an edge lies: what its list is sorted by, its place there, and the id that decides between equals. */
export type FileKey = [by: FileOrder['by'], value: string | number, id: number];

export interface FilePageRequest {
  limit: number;
  after?: FileKey | undefined;
  before?: FileKey | undefined;
  inverted?: boolean | undefined;
}

/** A file where it hangs. */
export type AttachedFile = Omit<Row<Attachment>, 'file'> & { readonly file: Row<File> };

/** On attachments `a` and files `f`. */
type Condition = SqlCondition;

const on = (sql: string, ...params: readonly unknown[]): Condition => ({ sql, params });
const both = (...some: readonly Condition[]) => on(some.map(({ sql }) => sql).join(' and '), ...paramsOf(some));
const either = (...some: readonly Condition[]) => on(`(${some.map(({ sql }) => sql).join(' or ')})`, ...paramsOf(some));
const paramsOf = (some: readonly Condition[]) => some.flatMap(({ params }) => params);

/**
 * What hangs on an attachable that the caller has reached; with `deep`, also what hangs on a project's tasks and
 * comments, or on a task's comments, each file once. Rows carry their file.
 */
export function listAttachments(
  { em, viewer }: Context,
  place: Pick<AttachableAccess, 'ref'>,
  filter: FileFilter,
  order: FileOrder,
  deep: boolean,
) {
  const ofFile = [...conditionsOn(filter), ...seenAtPlace(viewer)];
  const ofPlace = [placeOf(place.ref, deep), ...(deep ? [firstOfItsFile(place.ref)] : [])];
  const joined = 'attachments a join files f on f.id = a.file_id';
  const rows = reader(em, Attachment, 'a');
  const files = reader(em, File, 'f');
  return keyed<AttachedFile>('a', order, {
    async read(condition, rest, limit) {
      const where = both(...ofPlace, ...ofFile, ...condition);
      const sql = `select ${rows.columns}, ${files.columns} from ${joined} where ${where.sql} ${rest}`;
      const found = await select(em, sql, [...where.params, limit]);
      return found.map((row) => Object.assign(rows.rowIn(row), { file: files.rowIn(row) }));
    },
    count: () => {
      const isWhole = conditionsOn(filter).length === 0;
      if (isWhole && !deep) return countFiles({ em, viewer }, place.ref);
      if (isWhole && place.ref.type === 'Task') return countFilesOfTask({ em, viewer }, place.ref);
      return count(em, ofFile.length > 0 ? joined : 'attachments a', both(...ofPlace, ...ofFile));
    },
  });
}

/** Which files of a place that the viewer sees are seen there. */
const seenAtPlace = ({ isAdmin, userId }: Context['viewer']): Condition[] =>
  isAdmin ? [] : [either(on('f.available = ?', true), draftsFor(userId))];

/**
 * How many files are on an attachable that the caller has reached, of those that the viewer may see. What is kept is
 * read; only files that are not available are counted, for one who may not see all of them.
 */
export async function countFiles({ em, viewer }: Pick<Context, 'em' | 'viewer'>, ref: AttachableRef): Promise<number> {
  const { files, drafts } = await fileCountsOf(em, topicOf(ref));
  if (drafts === 0 || viewer.isAdmin) return files;
  const visible = both(placeOf(ref, false), on('a.available = false'), draftsFor(viewer.userId));
  return files - drafts + (await count(em, 'attachments a join files f on f.id = a.file_id', visible));
}

/** The same of a task with its comments: those of comments, which are few, are counted where the task has them not. */
async function countFilesOfTask(ctx: Pick<Context, 'em' | 'viewer'>, ref: AttachableRef): Promise<number> {
  const onComments = both(
    on("a.on_type = 'Comment' and a.on_id in (select c.id from comments c where c.task_id = ?)", ref.id),
    on(
      `not exists (select 1 from attachments other where other.file_id = a.file_id and other.task_id + 0 = a.task_id
       and (other.on_type = 'Task' or other.id < a.id) limit 1 offset 0)`,
    ),
    ...seenAtPlace(ctx.viewer),
  );
  const from = 'attachments a join files f on f.id = a.file_id';
  return (await countFiles(ctx, ref)) + (await count(ctx.em, from, onComments));
}

/** The newest version of every file that the viewer may see, wherever it hangs. */
export function listFiles({ em, viewer }: Context, filter: FileFilter, order: FileOrder) {
  const files = reader(em, File, 'f');
  const conditions = [on('f.is_newest = ?', true), ...conditionsOn(filter)];
  if (!viewer.isAdmin) conditions.push(visibleTo(viewer.userId));
  return keyed<Row<File>>('f', order, {
    async read(condition, rest, limit) {
      const where = both(...conditions, ...condition);
      const sql = `select ${files.columns} from files f where ${where.sql} ${rest}`;
      return (await select(em, sql, [...where.params, limit])).map(files.rowIn);
    },
    count: () => count(em, 'files f', both(...conditions)),
  });
}

const count = (em: EntityManager, from: string, { sql, params }: Condition) =>
  countRows(em, `${from} where ${sql}`, params);

const columnOf: Record<FileOrder['by'], string> = { createdAt: 'created_at', nameKey: 'name_key', size: 'size' };

/**
 * A list in one of the orders, read by key. The first condition on the key bounds the walk of the index; the second
 * decides between equals. (Written as one, with "or", no index would be walked from its middle.)
 */
function keyed<Listed extends { readonly id: number } & Pick<Row<File>, FileOrder['by']>>(
  alias: string,
  { by, direction }: FileOrder,
  {
    read,
    count,
  }: {
    read(condition: readonly Condition[], orderAndLimit: string, limit: number): Promise<Listed[]>;
    count(): Promise<number>;
  },
) {
  const column = `${alias}.${columnOf[by]}`;
  const window = ([, value, id]: FileKey, forward: boolean): Condition => {
    const sign = forward === (direction === 'ASC') ? '>' : '<';
    const place = by === 'createdAt' ? new Date(value) : value;
    return both(
      on(`${column} ${sign}= ?`, place),
      either(on(`${column} ${sign} ?`, place), on(`${alias}.id ${sign} ?`, id)),
    );
  };
  return {
    page({ limit, after, before, inverted }: FilePageRequest): Promise<Listed[]> {
      const bounds = [...(after ? [window(after, true)] : []), ...(before ? [window(before, false)] : [])];
      const sorted = (direction === 'ASC') !== (inverted ?? false) ? 'asc' : 'desc';
      return read(bounds, `order by ${column} ${sorted}, ${alias}.id ${sorted} limit ?`, limit);
    },
    count,
    isKey: (key: unknown): key is FileKey =>
      Array.isArray(key) && key[0] === by && isPlace(by, key[1]) && Number.isSafeInteger(key[2]),
    keyOf: (row: Listed): FileKey => {
      const value = row[by];
      return [by, value instanceof Date ? value.getTime() : value, row.id];
    },
  };
}

function isPlace(by: FileOrder['by'], value: unknown): boolean {
  if (by === 'nameKey') return typeof value === 'string';
  return Number.isSafeInteger(value) && (by === 'size' || isMoment(value as number));
}

/** Within the years that a `DateTime` can name. */
const isMoment = (ms: number) => ms >= FIRST_MOMENT && ms <= LAST_MOMENT;
const FIRST_MOMENT = Date.parse('0001-01-01T00:00:00Z');
const LAST_MOMENT = Date.parse('9999-12-31T23:59:59.999Z');

function placeOf(ref: AttachableRef, deep: boolean): Condition {
  if (deep && ref.type === 'Project') return on('a.project_id = ?', ref.id);
  if (deep && ref.type === 'Task') return on('a.task_id = ?', ref.id);
  return both(on('a.on_type = ?', ref.type), on('a.on_id = ?', ref.id));
}

/**
 * Of several places of one file within the scope, the one where it was attached first. A file has few places, a scope
 * may have thousands: the zero that is added keeps SQLite from looking for the others among all in the scope, and the
 * offset, which skips nothing, PostgreSQL.
 */
function firstOfItsFile(ref: AttachableRef): Condition {
  const scope = ref.type === 'Project' ? 'project_id' : 'task_id';
  return on(
    `not exists (select 1 from attachments other where other.file_id = a.file_id
     and other.${scope} + 0 = a.${scope} and other.id < a.id limit 1 offset 0)`,
  );
}

function conditionsOn(filter: FileFilter): Condition[] {
  const conditions: Condition[] = [];
  const { nameContains, contentType, isImage, createdBy, status, available, createdAfter, createdBefore } = filter;
  if (nameContains) conditions.push(containing('f.name_key', nameContains));
  if (contentType?.endsWith('/*')) conditions.push(startsWith(contentType.slice(0, -1)));
  else if (contentType) conditions.push(on('f.content_type = ?', contentType.toLowerCase()));
  if (isImage) conditions.push(startsWith('image/'));
  if (isImage === false) conditions.push(not(startsWith('image/')));
  if (createdBy !== undefined) conditions.push(on('f.created_by_id = ?', createdBy));
  if (status !== undefined) conditions.push(on('f.status = ?', status));
  if (available !== undefined) conditions.push(on('f.available = ?', available));
  if (createdAfter) conditions.push(on('f.created_at >= ?', createdAfter));
  if (createdBefore) conditions.push(on('f.created_at < ?', createdBefore));
  return conditions;
}

/** By range, which every database compares in the same way. */
const startsWith = (prefix: string) =>
  both(on('f.content_type >= ?', prefix.toLowerCase()), on('f.content_type < ?', `${prefix.toLowerCase()}\uffff`));

const not = ({ sql, params }: Condition) => on(`not (${sql})`, ...params);

/** `canSeeFile` of auth/permissions.ts, as conditions on the table, for one who is no administrator. */
const visibleTo = (userId: number): Condition =>
  either(both(on('f.available = ?', true), attachedWhere(placeVisibleTo(userId))), draftsFor(userId));

/**
 * Those files that the viewer sees even when they are not available: those whose home the viewer edits, and own ones,
 * unless their home is hidden.
 */
function draftsFor(userId: number): Condition {
  const { sql, params } = draftsVisibleTo(userId);
  return either(
    attachedWhere(on(`h.is_primary = true and (${sql})`, ...params)),
    both(
      on('f.created_by_id = ?', userId),
      on('not exists (select 1 from attachments o where o.file_id = f.id and o.is_primary = true)'),
    ),
  );
}

/**
 * The file hangs, as `h`, on something of which the condition is true. The offset, which skips nothing, keeps PostgreSQL
 * from looking up everything that hangs anywhere before it reads the first page.
 */
const attachedWhere = ({ sql, params }: Condition) =>
  on(`exists (select 1 from attachments h where h.file_id = f.id and (${sql}) limit 1 offset 0)`, ...params);
