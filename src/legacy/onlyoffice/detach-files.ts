import { detachFiles } from '../../attachments/detach-files.ts';
import { BadUserInputError } from '../../errors.ts';
import type { Call } from './call.ts';
import { readFileIds } from './file-ids.ts';
import { encodeTask } from './task.ts';

/** Detaches the file in the path, or those in the body or query, from a task. They stay stored. */
export async function handleDetach({ options, ctx, request, route: { on, fileId } }: Call): Promise<unknown> {
  const fileIds = fileId === undefined ? await readFileIds(options, request, ctx.viewer) : [fileId];
  if (fileIds.length === 0) throw new BadUserInputError('Name the file in `fileid`, or several in `files`.');
  await detachFiles(ctx, on, fileIds);
  return encodeTask(ctx, on.id);
}
