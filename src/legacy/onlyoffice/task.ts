import { findUsers } from '../../auth/users.ts';
import type { RequestContext } from '../../context.ts';
import type { Project, Task, TaskPriority } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { loadAttachable } from '../../workspace/attachable.ts';
import { responsiblesOf } from '../../workspace/tasks.ts';
import { encodeCategory } from './category.ts';
import { encodeContact } from './contact.ts';
import { encodeEntity } from './crm-entity.ts';
import { encodeDateTime } from './date-time.ts';
import { encodeUser } from './user.ts';

const OPEN = 1;
const CLOSED = 2;
const priorities: Record<TaskPriority, number> = { LOW: -1, NORMAL: 0, HIGH: 1 };

/**
 * Encodes a task. The members of ONLYOFFICE's project tasks come first, then those of its CRM
 * tasks, which its documentation lists for this call: a client of either finds its members.
 */
export async function encodeTask(ctx: RequestContext, id: number) {
  const { row, canEdit } = await loadAttachable(ctx, { type: 'Task', id });
  const task = row as Task;
  const responsibleIds = (await responsiblesOf(ctx, [id])).get(id) ?? [];
  const users = await findUsers(ctx, [...new Set([task.createdBy.id, ...responsibleIds])]);
  const responsibles = responsibleIds.map((userId) => encodeUser(users.get(userId)));
  const by = encodeUser(users.get(task.createdBy.id));
  const created = encodeDateTime(task.createdAt);
  const deadline = task.deadline ? encodeDateTime(task.deadline) : null;
  return {
    id,
    title: task.title,
    description: task.description,
    status: task.isClosed ? CLOSED : OPEN,
    created,
    createdBy: by,
    updated: created,
    updatedBy: by,
    canEdit,
    canCreateSubtask: canEdit,
    canCreateTimeSpend: canEdit,
    canDelete: canEdit,
    canReadFiles: true,
    priority: priorities[task.priority as TaskPriority],
    projectOwner: await encodeProject(ctx, task.project.id),
    responsibles,
    responsible: responsibles[0] ?? null,
    deadline,
    deadLine: deadline,
    progress: task.isClosed ? 100 : 0,
    createBy: by,
    contact: task.contact ? await encodeContact(ctx, task.contact.id) : null,
    alertValue: task.alertValue,
    isClosed: task.isClosed,
    category: await encodeCategory(ctx, task.category?.id),
    entity: await encodeTaskEntity(ctx, task),
  };
}

async function encodeProject(ctx: RequestContext, id: number) {
  const { title } = (await loadAttachable(ctx, { type: 'Project', id })).row as Row<Project>;
  // Projects here are visible to their members only, and are never closed.
  return { id, title, status: 0, isPrivate: true };
}

async function encodeTaskEntity(ctx: RequestContext, { entityType, entityId }: Row<Task>) {
  return entityType && entityId ? encodeEntity(ctx, { type: entityType, id: entityId }) : null;
}
