import type { EntityManager } from '../../database/database.ts';
import { Task, type TaskSubjectType } from '../../database/entities/index.ts';
import type { AttachableDescriptor } from './descriptor.ts';
import { projectRules } from './in-project.ts';

export const task: AttachableDescriptor<Task> = {
  entity: Task,
  table: 'tasks',
  parent: { type: 'Project', property: 'project' },
  ...projectRules,
  canDelete: (_viewer, _row, { canEdit }) => canEdit,
};

/** Clears the references of tasks to deleted opportunities or cases. */
export const clearTaskSubject = (entityType: TaskSubjectType) => (em: EntityManager, ids: readonly number[]) =>
  em.nativeUpdate(Task, { entityType, entityId: { $in: [...ids] } }, { entityType: null, entityId: null });
