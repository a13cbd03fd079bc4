import { loadAttachable } from '../../workspace/attachable.ts';
import { listTasks } from '../../workspace/tasks.ts';
import { listAllRows } from '../list-all-rows.ts';
import type { Call } from './call.ts';
import { encodeTasks } from './task.ts';

/** The tasks of a project. */
export async function handleGetTasks(call: Call): Promise<unknown> {
  const { ref } = await loadAttachable(call.ctx, { type: 'Project', id: call.id('id_project', 'project') });
  return encodeTasks(call.ctx, await listAllRows(call.ctx, listTasks(call.ctx, ref.id)));
}
