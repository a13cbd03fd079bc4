import type { SqlCondition } from '../auth/access-sql.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import { type AttachableRef, File } from '../database/entities/index.ts';
import { type Row, reader, type SelectedRow } from '../database/rows.ts';
import { countBy, type RunStatement, readPage, scan } from '../database/scans.ts';
import { inFew } from '../database/sql.ts';
import { readFileCounts } from '../events/log-reader.ts';
import { topicOf } from '../events/topic.ts';
import type { AttachableAccess } from '../workspace/attachable.ts';
import { draftsVisibleTo } from '../workspace/attachables/places.ts';
import { allOf, anyOf, condition } from './conditions.ts';
import { type FileFilter, filterConditions } from './file-filter.ts';
import { allGranted, grantedPage } from './granted-files.ts';
import { type FileOrder, paginateByKey } from './keyset-pagination.ts';

/** A file, and what it is attached to. */
export interface AttachedFile {
  readonly on: AttachableRef;
  readonly file: Row<File>;
}

type FoundPlace = { on_type: AttachableRef['type']; on_id: number };

const ATTACHED_FILES = 'attachments a join files f on f.id = a.file_id';

/**
 * The files that are attached to an attachable and that the viewer may see. With `deep`, those of a
 * project include the files of its tasks and comments, and those of a task the files of its
 * comments, each file once. The caller has authorized access to the attachable.
 */
export function listAttachments(
  request: RequestContext,
  place: Pick<AttachableAccess, 'ref'>,
  filter: FileFilter,
  order: FileOrder,
  deep: boolean,
) {
  const ctx = contextOf(request);
  const { em, viewer } = ctx;
  const filters = filterConditions(filter);
  const fileConditions = [...filters, ...visibleAtPlace(viewer)];
  const placeConditions = [attachedTo(place.ref, deep), ...(deep ? [firstInScope(place.ref)] : [])];
  const files = reader(em, File, 'f');
  return paginateByKey<AttachedFile>(order, {
    fileOf: (row) => row.file,
    async read({ column, bounds, orderAndLimit }) {
      const key = [`a.${column}`, 'a.file_id'] as const;
      const where = allOf(...placeConditions, ...fileConditions, ...bounds(...key));
      const sql = `select a.on_type, a.on_id, ${files.columns} from ${ATTACHED_FILES}
        where ${where.sql} ${orderAndLimit(...key)}`;
      const found = await runOf(filters)<SelectedRow & FoundPlace>(ctx, sql, where.params);
      return found.map((row) => ({ on: { type: row.on_type, id: row.on_id }, file: files.rowIn(row) }));
    },
    count: () => {
      const isUnfiltered = filters.length === 0;
      if (isUnfiltered && !deep) return countFiles(request, place.ref);
      if (isUnfiltered && place.ref.type === 'Task') return countFilesOfTask(ctx, place.ref);
      const from = fileConditions.length > 0 ? ATTACHED_FILES : 'attachments a';
      return count(ctx, from, allOf(...placeConditions, ...fileConditions));
    },
  });
}

/** The newest version of every file that the viewer may see, whatever it is attached to. */
export function listFiles(request: RequestContext, filter: FileFilter, order: FileOrder) {
  const ctx = contextOf(request);
  const { em, viewer } = ctx;
  const files = reader(em, File, 'f');
  const filters = filterConditions(filter);
  const all = allOf(condition('f.is_newest = ?', true), ...filters);
  const granted = { userId: viewer.userId, filters };
  return paginateByKey<Row<File>>(order, {
    fileOf: (row) => row,
    async read(range) {
      const key = [`f.${range.column}`, 'f.id'] as const;
      const where = viewer.isAdmin ? allOf(all, ...range.bounds(...key)) : isAmong(em, grantedPage(em, granted, range));
      const sql = `select ${files.columns} from files f where ${where.sql} ${range.orderAndLimit(...key)}`;
      return (await runOf(filters)(ctx, sql, where.params)).map(files.rowIn);
    },
    count: () => (viewer.isAdmin ? count(ctx, 'files f', all) : countOf(ctx, allGranted(em, granted))),
  });
}

/** Drafts that are counted like the rows of a page. */
const MAX_COUNTED_DRAFTS = 100;

/**
 * How many files on an attachable the viewer may see. The stored counts of files and drafts are
 * read. Rows are counted only where there are drafts and the viewer is not an administrator. The
 * caller has authorized access to the attachable.
 */
export async function countFiles(request: RequestContext, ref: AttachableRef): Promise<number> {
  const ctx = contextOf(request);
  const { em, viewer } = ctx;
  const { files, drafts } = await ctx.budget.lookUp(() => readFileCounts(em, topicOf(ref)));
  if (drafts === 0 || viewer.isAdmin) return files;
  const visibleDrafts = allOf(attachedTo(ref, false), condition('a.available = false'), draftsFor(viewer.userId));
  const run = drafts > MAX_COUNTED_DRAFTS ? scan : readPage;
  return files - drafts + (await count(ctx, ATTACHED_FILES, visibleDrafts, run));
}

/**
 * The same with the files of a task's comments. Rows are counted for the comments alone, which have
 * few files.
 */
async function countFilesOfTask(ctx: Context, ref: AttachableRef): Promise<number> {
  const onCommentsOnly = allOf(
    condition("a.on_type = 'Comment' and a.on_id in (select c.id from comments c where c.task_id = ?)", ref.id),
    notPrecededIn('task_id', "(other.on_type = 'Task' or other.id < a.id)"),
    ...visibleAtPlace(ctx.viewer),
  );
  return (await countFiles(ctx, ref)) + (await count(ctx, ATTACHED_FILES, onCommentsOnly));
}

/** A filter that few files pass reads many for a page. */
const runOf = (filters: readonly SqlCondition[]): RunStatement => (filters.length > 0 ? scan : readPage);

const count = (ctx: Context, from: string, { sql, params }: SqlCondition, run = scan) =>
  countBy(run, ctx, `${from} where ${sql}`, params);

const countOf = (ctx: Context, { sql, params }: SqlCondition) => countBy(scan, ctx, `(${sql}) counted`, params);

const isAmong = (em: EntityManager, { sql, params }: SqlCondition) => condition(`f.id ${inFew(em, sql)}`, ...params);

function attachedTo(ref: AttachableRef, deep: boolean): SqlCondition {
  if (deep && ref.type === 'Project') return condition('a.project_id = ?', ref.id);
  if (deep && ref.type === 'Task') return condition('a.task_id = ?', ref.id);
  return allOf(condition('a.on_type = ?', ref.type), condition('a.on_id = ?', ref.id));
}

/** Of several attachments of a file in a project, or in a task with its comments, the earliest. */
const firstInScope = (ref: AttachableRef): SqlCondition =>
  notPrecededIn(ref.type === 'Project' ? 'project_id' : 'task_id', 'other.id < a.id');

/**
 * No `other` attachment of the same file in the same scope precedes `a`. A file has few
 * attachments, and a scope may have thousands, so the others have to be looked up by the file: the
 * zero that is added keeps SQLite from using the index of the scope, and the limit keeps PostgreSQL
 * from joining the whole scope.
 */
const notPrecededIn = (scope: 'project_id' | 'task_id', precedes: string): SqlCondition =>
  condition(
    `not exists (select 1 from attachments other where other.file_id = a.file_id
     and other.${scope} + 0 = a.${scope} and ${precedes} limit 1 offset 0)`,
  );

/** The files of a place that the viewer may see, given that the viewer may see the place. */
const visibleAtPlace = ({ isAdmin, userId }: Context['viewer']): SqlCondition[] =>
  isAdmin ? [] : [anyOf(condition('f.available = ?', true), draftsFor(userId))];

/**
 * The files `f` that the user sees even when they are not available: those whose primary attachment
 * is on something that the user edits, and the user's own, unless they have a primary attachment on
 * something that the user may not see.
 */
function draftsFor(userId: number): SqlCondition {
  const { sql, params } = draftsVisibleTo(userId);
  return anyOf(
    attachedWhere(condition(`h.is_primary = true and (${sql})`, ...params)),
    allOf(
      condition('f.created_by_id = ?', userId),
      condition('not exists (select 1 from attachments o where o.file_id = f.id and o.is_primary = true)'),
    ),
  );
}

/**
 * The file has an attachment `h` that fulfils the condition. `limit 1 offset 0` keeps PostgreSQL
 * from looking up all attachments before it reads the first page.
 */
const attachedWhere = ({ sql, params }: SqlCondition): SqlCondition =>
  condition(`exists (select 1 from attachments h where h.file_id = f.id and (${sql}) limit 1 offset 0)`, ...params);
