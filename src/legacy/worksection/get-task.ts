import type { Task } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { loadAttachable } from '../../workspace/attachable.ts';
import { type Call, WorksectionError } from './call.ts';

/** The task of `id_task`. If `id_project` is given, the task has to be in that project. */
export async function getTask(call: Call) {
  const reached = await loadAttachable(call.ctx, { type: 'Task', id: call.id('id_task', 'task') });
  const projectId = call.optionalId('id_project', 'project');
  if (projectId !== undefined && projectId !== reached.projectId) throw new WorksectionError(5, 'Task is invalid');
  return reached;
}

/** The same, to change it. Throws `WorksectionError` 8 if the task is closed. */
export async function getOpenTask(call: Call) {
  const reached = await getTask(call);
  if ((reached.row as Row<Task>).isClosed) throw new WorksectionError(8, 'Task is closed');
  return reached;
}
