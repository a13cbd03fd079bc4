import type { Task } from '../../database/entities/index.ts';
import { createAndStoreFiles } from '../../uploads/upload-files.ts';
import { createComment } from '../../workspace/comments.ts';
import { encodeFiles } from './file.ts';
import { getOpenTask } from './get-task.ts';
import { encodeMoment } from './moment.ts';
import type { Call } from './parameters.ts';
import { encodeTask } from './task.ts';
import { encodeUsers } from './user.ts';

/** Says something on a task, with files; with files, it may say nothing. */
export async function postComment(call: Call): Promise<unknown> {
  const { ctx, outcomes } = call;
  const { row: task } = await getOpenTask(call);
  const body = outcomes.length > 0 ? (call.text('text') ?? '') : call.required('text');
  const { row, files } = await createAndStoreFiles(
    ctx,
    (tx) => createComment(tx, { taskId: task.id, body }),
    outcomes,
    'reject',
  );
  const encoded = await encodeTask(ctx, task as Task);
  return {
    id: String(row.id),
    page: `${encoded?.page}#com${row.id}`,
    text: row.body,
    date_added: encodeMoment(row.createdAt),
    user_from: (await encodeUsers(ctx, [row.createdBy.id]))(row.createdBy.id),
    task: encoded,
    ...(files.length > 0 ? { files: await encodeFiles(ctx, files) } : {}),
  };
}
