import { createAndStoreFiles } from '../../uploads/upload-files.ts';
import * as tasks from '../../workspace/tasks.ts';
import { parseAssignees } from './assignee.ts';
import type { Call } from './call.ts';
import { decodeDay } from './date-time.ts';
import { getOpenTask } from './get-task.ts';
import { decodePriority, encodeTask } from './task.ts';

/** Changes the given fields of a task, and adds files to it. */
export async function handleUpdateTask(call: Call): Promise<unknown> {
  const { ref } = await getOpenTask(call);
  const deadline = call.text('dateend');
  const change = {
    title: call.text('title') === undefined ? undefined : call.title(),
    description: call.text('text'),
    priority: decodePriority(call.text('priority')),
    deadline: deadline === undefined ? undefined : decodeDay(deadline, 'dateend'),
    responsibleIds: await parseAssignees(call),
  };
  const { row } = await createAndStoreFiles(
    call.ctx,
    (tx) => tasks.updateTask(tx, ref.id, change),
    call.outcomes,
    'reject',
  );
  return encodeTask(call.ctx, row);
}
