import type { Task } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { reachOne } from '../../workspace/attachable.ts';
import { type Call, Refused } from './parameters.ts';

/** The task that a call names; if it also names a project, in that. */
export async function reachTask(call: Call) {
  const reached = await reachOne(call.ctx, { type: 'Task', id: call.id('id_task', 'task') });
  const projectId = call.optionalId('id_project', 'project');
  if (projectId !== undefined && projectId !== reached.projectId) throw new Refused(5, 'Task is invalid');
  return reached;
}

/** The same, to add to it: nothing is added to what is closed there. */
export async function reachOpenTask(call: Call) {
  const reached = await reachTask(call);
  if ((reached.row as Row<Task>).isClosed) throw new Refused(8, 'Task is closed');
  return reached;
}
