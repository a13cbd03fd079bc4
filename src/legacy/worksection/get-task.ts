import type { Task } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { loadAttachable } from '../../workspace/attachable.ts';
import { type Call, WorksectionError } from './call.ts';

/** The task that a call names; if it also names a project, in that. */
export async function getTask(call: Call) {
  const reached = await loadAttachable(call.ctx, { type: 'Task', id: call.id('id_task', 'task') });
  const projectId = call.optionalId('id_project', 'project');
  if (projectId !== undefined && projectId !== reached.projectId) throw new WorksectionError(5, 'Task is invalid');
  return reached;
}

/** The same, to add to it: nothing is added to what is closed there. */
export async function getOpenTask(call: Call) {
  const reached = await getTask(call);
  if ((reached.row as Row<Task>).isClosed) throw new WorksectionError(8, 'Task is closed');
  return reached;
}
