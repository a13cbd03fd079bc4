import { createAndStoreFiles } from '../../uploads/upload-files.ts';
import { createTask } from '../../workspace/tasks.ts';
import { parseAssignees } from './assignee.ts';
import type { Call } from './call.ts';
import { decodeDay } from './date-time.ts';
import { decodePriority, encodeTask } from './task.ts';

/** Creates a task with its files. */
export async function handlePostTask(call: Call): Promise<unknown> {
  const deadline = call.text('dateend');
  const input = {
    projectId: call.id('id_project', 'project'),
    title: call.title(),
    description: call.text('text'),
    priority: decodePriority(call.text('priority')),
    deadline: deadline === undefined ? undefined : decodeDay(deadline, 'dateend'),
    responsibleIds: await parseAssignees(call),
  };
  const { row } = await createAndStoreFiles(call.ctx, (tx) => createTask(tx, input), call.outcomes, 'reject');
  return encodeTask(call.ctx, row);
}
