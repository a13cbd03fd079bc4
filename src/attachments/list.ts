import type { Context } from '../context.ts';
import { type AttachableRef, Attachment, File, type FileStatus } from '../database/entities/index.ts';
import { contains, type FilterQuery, holds } from '../database/query.ts';
import type { Reached } from '../workspace/attachable.ts';

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

/**
 * What hangs on an attachable that the caller has reached; with `deep`, also what hangs on a project's tasks and
 * comments, or on a task's comments, each file once. Rows carry their file.
 */
export function attachmentsOn(ctx: Context, on: Reached, filter: FileFilter, order: FileOrder, deep: boolean) {
  // Made anew for each statement: a raw fragment serves only once.
  const conditions = (): FilterQuery<Attachment>[] => {
    const file = conditionsOn(filter);
    if (!ctx.viewer.isAdmin) file.push({ $or: [{ available: true }, draftsFor(ctx.viewer.userId)] });
    return [
      placeOf(on.ref, deep),
      ...(deep ? [firstOfItsFile(on.ref)] : []),
      ...(file.length > 0 ? [{ file: { $and: file } } as FilterQuery<Attachment>] : []),
    ];
  };
  return keyed(
    (where, options) => ctx.em.find(Attachment, where, { ...options, populate: ['file'] }),
    (where) => ctx.em.count(Attachment, where),
    conditions,
    order,
  );
}

/** The newest version of every file that the viewer may see, wherever it hangs. */
export function allFiles(ctx: Context, filter: FileFilter, order: FileOrder) {
  const conditions = (): FilterQuery<File>[] => [
    { isNewest: true },
    ...conditionsOn(filter),
    ...(ctx.viewer.isAdmin ? [] : [visibleTo(ctx.viewer.userId)]),
  ];
  return keyed(
    (where, options) => ctx.em.find(File, where, options),
    (where) => ctx.em.count(File, where),
    conditions,
    order,
  );
}

/**
 * A list in one of the orders, read by key. The first condition on the key bounds the walk of the index; the second
 * decides between equals. (Written as one, with "or", no index would be walked from its middle.)
 */
function keyed<Row extends Attachment | File>(
  find: (where: FilterQuery<Row>, options: { orderBy: never; limit: number }) => Promise<Row[]>,
  count: (where: FilterQuery<Row>) => Promise<number>,
  conditions: () => FilterQuery<Row>[],
  { by, direction }: FileOrder,
) {
  const window = ([, value, id]: FileKey, forward: boolean): FilterQuery<Row> => {
    const later = forward === (direction === 'ASC');
    const moment = by === 'createdAt' ? new Date(value) : value;
    const [bound, strict] = later ? (['$gte', '$gt'] as const) : (['$lte', '$lt'] as const);
    return {
      $and: [{ [by]: { [bound]: moment } }, { $or: [{ [by]: { [strict]: moment } }, { id: { [strict]: id } }] }],
    } as FilterQuery<Row>;
  };
  return {
    page({ limit, after, before, inverted }: FilePageRequest): Promise<Row[]> {
      const where = [
        ...conditions(),
        ...(after ? [window(after, true)] : []),
        ...(before ? [window(before, false)] : []),
      ];
      const sorted = (direction === 'ASC') !== (inverted ?? false) ? 'asc' : 'desc';
      return find({ $and: where } as FilterQuery<Row>, { orderBy: [{ [by]: sorted }, { id: sorted }] as never, limit });
    },
    count: () => count({ $and: conditions() } as FilterQuery<Row>),
    isKey: (key: unknown): key is FileKey =>
      Array.isArray(key) && key[0] === by && isPlace(by, key[1]) && Number.isSafeInteger(key[2]),
    keyOf: (row: Row): FileKey => {
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

function placeOf(ref: AttachableRef, deep: boolean): FilterQuery<Attachment> {
  if (deep && ref.type === 'Project') return { projectId: ref.id };
  if (deep && ref.type === 'Task') return { taskId: ref.id };
  return { onType: ref.type, onId: ref.id };
}

/** Of several places of one file within the scope, the one where it was attached first. */
function firstOfItsFile(ref: AttachableRef): FilterQuery<Attachment> {
  const scope = ref.type === 'Project' ? 'project_id' : 'task_id';
  const condition = (alias: string) =>
    `not exists (select 1 from attachments other where other.file_id = ${alias}.file_id ` +
    `and other.${scope} = ${alias}.${scope} and other.id < ${alias}.id)`;
  return holds(condition);
}

function conditionsOn(filter: FileFilter): FilterQuery<File>[] {
  const conditions: FilterQuery<File>[] = [];
  const { nameContains, contentType, isImage, createdBy, status, available, createdAfter, createdBefore } = filter;
  if (nameContains) conditions.push(contains('name_key', nameContains));
  if (contentType?.endsWith('/*')) conditions.push(startsWith(contentType.slice(0, -1)));
  else if (contentType) conditions.push({ contentType: contentType.toLowerCase() });
  if (isImage !== undefined) conditions.push(isImage ? startsWith('image/') : { $not: startsWith('image/') });
  if (createdBy !== undefined) conditions.push({ createdBy });
  if (status !== undefined) conditions.push({ status });
  if (available !== undefined) conditions.push({ available });
  if (createdAfter) conditions.push({ createdAt: { $gte: createdAfter } });
  if (createdBefore) conditions.push({ createdAt: { $lt: createdBefore } });
  return conditions;
}

/** By range, which every database compares in the same way. */
const startsWith = (prefix: string): FilterQuery<File> => ({
  $and: [{ contentType: { $gte: prefix.toLowerCase() } }, { contentType: { $lt: `${prefix.toLowerCase()}\uffff` } }],
});

/** `canSeeFile` of auth/permissions.ts, as conditions on the table, for one who is no administrator. */
function visibleTo(userId: number): FilterQuery<File> {
  const sees = hangsWhere(`
    a.project_id in (select m.project_id from project_members m where m.user_id = ?)
    or ${onEntity('Contact', 'contacts', "l.access is not null or (e.is_private = false and e.share_type <> 'NONE')")}
    or ${onEntity('Opportunity', 'opportunities', 'l.access is not null or e.is_private = false')}
    or ${onEntity('Case', 'cases', 'l.access is not null or e.is_private = false')}
  `);
  return { $or: [draftsFor(userId), { $and: [{ available: true }, holds(sees, Array(7).fill(userId))] }] };
}

/** Those files that the viewer sees even when they are not available: own ones, and those whose home the viewer edits. */
function draftsFor(userId: number): FilterQuery<File> {
  const edits = hangsWhere(`a.is_home = true and (
    a.project_id in (select m.project_id from project_members m where m.user_id = ? and m.role <> 'VIEWER')
    or ${onEntity('Contact', 'contacts', "l.access = 'READ_WRITE' or (e.is_private = false and e.share_type = 'READ_WRITE')")}
    or ${onEntity('Opportunity', 'opportunities', "l.access = 'READ_WRITE' or e.is_private = false")}
    or ${onEntity('Case', 'cases', "l.access = 'READ_WRITE' or e.is_private = false")}
  )`);
  return { $or: [{ createdBy: userId }, holds(edits, Array(7).fill(userId))] };
}

/**
 * The file hangs, as `a`, on something of which the condition is true. The offset, which skips nothing, keeps PostgreSQL
 * from looking up everything that hangs anywhere before it reads the first page.
 */
const hangsWhere = (condition: string) => (file: string) =>
  `exists (select 1 from attachments a where a.file_id = ${file}.id and (${condition}) limit 1 offset 0)`;

/** `a` is on an entity `e`, with the viewer's entry `l` of its access list, of which the condition is true; or on an own one. */
const onEntity = (type: string, table: string, condition: string) => `(a.on_type = '${type}' and exists (
  select 1 from ${table} e
  left join entity_access l on l.entity_type = '${type}' and l.entity_id = e.id and l.user_id = ?
  where e.id = a.on_id and (e.created_by_id = ? or ${condition})
))`;
