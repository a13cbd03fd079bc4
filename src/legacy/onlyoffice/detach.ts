import { detachFiles } from '../../attachments/detach-files.ts';
import { BadUserInputError } from '../../errors.ts';
import type { Call } from './call.ts';
import { readFileIds } from './file-ids.ts';
import { encodeTask } from './task.ts';

/** Takes files off a task: the one in the path, or those that the body or the query names. They stay stored. */
export async function detach({ options, ctx, request, route: { on, fileId } }: Call): Promise<unknown> {
  const fileIds = fileId === undefined ? await readFileIds(options, request, ctx.viewer) : [fileId];
  if (fileIds.length === 0) throw new BadUserInputError('Name the file in `fileid`, or several in `files`.');
  await detachFiles(ctx, on, fileIds);
  return encodeTask(ctx, on.id);
}
