import type { Task } from '../../database/entities/index.ts';
import { createAndStoreFiles } from '../../uploads/upload-files.ts';
import { createComment } from '../../workspace/comments.ts';
import type { Call } from './call.ts';
import { encodeDateTime } from './date-time.ts';
import { encodeFiles } from './file.ts';
import { getOpenTask } from './get-task.ts';
import { encodeTask } from './task.ts';
import { encodeUsers } from './user.ts';

/** Adds a comment with files to a task. The text may be empty if there are files. */
export async function handlePostComment(call: Call): Promise<unknown> {
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
    date_added: encodeDateTime(row.createdAt),
    user_from: (await encodeUsers(ctx, [row.createdBy.id]))(row.createdBy.id),
    task: encoded,
    ...(files.length > 0 ? { files: await encodeFiles(ctx, files) } : {}),
  };
}
