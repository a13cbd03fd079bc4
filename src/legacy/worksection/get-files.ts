import { listAllFiles } from '../../files/list-all.ts';
import { loadAttachable } from '../../workspace/attachable.ts';
import type { Call } from './call.ts';
import { encodeFiles } from './file.ts';
import { getTask } from './get-task.ts';

/** The files of a project itself, or of a task with its comments. */
export async function handleGetFiles(call: Call): Promise<unknown> {
  const isTask = call.text('id_task') !== undefined;
  const on = isTask
    ? await getTask(call)
    : await loadAttachable(call.ctx, { type: 'Project', id: call.id('id_project', 'project') });
  return encodeFiles(call.ctx, await listAllFiles(call.ctx, on, { deep: isTask }));
}
