import type { EntityData } from '@mikro-orm/core';
import { condition, type SqlCondition } from '../auth/access-sql.ts';
import { contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { Project, Task, type TaskPriority, TaskResponsible } from '../database/entities/index.ts';
import { readPage, scan } from '../database/scans.ts';
import { searchKey } from '../database/search-key.ts';
import { forUpdate } from '../database/sql.ts';
import { inTransaction } from '../events/in-transaction.ts';
import { loadForUpdate, lockForEdit } from './authorize.ts';
import { grantedTasks, matching, titleConditions } from './granted-ids.ts';
import { authorship, type Listing, listing, listingOfIds } from './listing.ts';
import { linksOf, setResponsibles, type TaskLinks } from './task-links.ts';
import { assertTexts } from './texts.ts';

/** The fields of a task; in an update, omitted fields keep their values. */
export interface TaskFields extends TaskLinks {
  title?: string | undefined;
  description?: string | undefined;
  deadline?: Date | null | undefined;
  /** Minutes before the deadline; 0 for never. */
  alertValue?: number | undefined;
  isClosed?: boolean | undefined;
  priority?: TaskPriority | undefined;
}

/**
 * Creates a task in a project that the viewer may edit. Throws `ForbiddenError`,
 * `NotFoundError` that names everything the task is to be about that the viewer may not see, and
 * `BadUserInputError` for a text that is too long.
 */
export async function createTask(
  ctx: RequestContext,
  input: TaskFields & { projectId: number; title: string },
): Promise<Task> {
  assertTexts(input);
  return inTransaction(ctx, async (tx) => {
    const { em } = tx;
    await lockForEdit(tx, { type: 'Project', id: input.projectId });
    const links = await linksOf(tx, input);
    const task = em.create(Task, {
      project: em.getReference(Project, input.projectId),
      title: input.title,
      titleKey: searchKey(input.title),
      description: input.description ?? '',
      deadline: input.deadline ?? null,
      alertValue: input.alertValue ?? 0,
      isClosed: input.isClosed ?? false,
      priority: input.priority ?? 'NORMAL',
      ...links,
      ...authorship(tx),
    });
    await em.flush();
    await setResponsibles(tx, task, input.responsibleIds ?? []);
    return task;
  });
}

/**
 * Changes the given fields of a task in a project that the viewer may edit. Throws what
 * `createTask` throws.
 */
export async function updateTask(ctx: RequestContext, id: number, change: TaskFields): Promise<Task> {
  assertTexts(change);
  return inTransaction(ctx, async (tx) => {
    const { em } = tx;
    // Of two concurrent updates, the second reads what the first wrote: the lists of users are not
    // merged.
    await em.findOne(Task, { id }, forUpdate);
    const task = await loadForUpdate<Task>(tx, await lockForEdit(tx, { type: 'Task', id }));
    const { categoryId: _c, contactId: _p, about: _a, responsibleIds, ...own } = change;
    const links = await linksOf(tx, change);
    const columns = {
      ...own,
      titleKey: own.title === undefined ? undefined : searchKey(own.title),
      ...links,
    } as EntityData<Task>;
    em.assign(task, columns, { ignoreUndefined: true });
    if (responsibleIds) await setResponsibles(tx, task, responsibleIds);
    return task;
  });
}

/** Which tasks to list; omitted fields do not filter. */
export interface TaskFilter {
  isClosed?: boolean | undefined;
  responsibleId?: number | undefined;
  /** A part of the title, ignoring case. */
  titleContains?: string | undefined;
}

/** The tasks of one project, or of every project that the viewer may see, oldest first. */
export function listTasks(request: RequestContext, projectId?: number, filter: TaskFilter = {}): Listing<Task> {
  const ctx = contextOf(request);
  const inProject = projectId === undefined ? [] : [condition('t.project_id = ?', projectId)];
  const filters = filterConditions(filter);
  const conditions = [...inProject, ...filters];
  if (!ctx.viewer.isAdmin) {
    const run = filters.length > 0 ? scan : readPage;
    return listingOfIds(ctx, Task, grantedTasks(ctx, ctx.viewer.userId, conditions, run));
  }
  if (filters.length > 0) return listingOfIds(ctx, Task, matching(ctx, 'tasks', conditions));
  return listing(ctx, Task, projectId === undefined ? {} : { project: projectId });
}

/** A filter as conditions on tasks `t`; none for a filter that every task passes. */
function filterConditions({ isClosed, responsibleId, titleContains }: TaskFilter): SqlCondition[] {
  const conditions: SqlCondition[] = [];
  if (isClosed !== undefined) conditions.push(condition('t.is_closed = ?', isClosed));
  if (responsibleId !== undefined)
    conditions.push(
      condition(
        'exists (select 1 from task_responsibles r where r.task_id = t.id and r.user_id = ? limit 1 offset 0)',
        responsibleId,
      ),
    );
  return [...conditions, ...titleConditions(titleContains)];
}

/** The users responsible for tasks that the viewer may see, by task; the first is the main one. */
export async function responsiblesOf(
  request: RequestContext,
  taskIds: readonly number[],
): Promise<Map<number, number[]>> {
  const ctx = contextOf(request);
  const inOrder = { orderBy: { place: 'asc' }, disableIdentityMap: true } as const;
  const rows = await inChunks(taskIds, (some) => ctx.em.find(TaskResponsible, { task: { $in: some } }, inOrder));
  const byTask = Map.groupBy(rows, (row) => row.task.id);
  return new Map([...byTask].map(([id, some]) => [id, some.map((row) => row.user.id)]));
}
