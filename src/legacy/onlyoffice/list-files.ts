import { listAllFiles } from '../../files/list-all.ts';
import { loadAttachable } from '../../workspace/attachable.ts';
import type { Call } from './call.ts';
import { encodeFiles } from './file.ts';

/** Lists the files that are attached to a task or an entity, oldest first. */
export async function handleList({ options, ctx, route: { on } }: Call): Promise<unknown> {
  const files = await listAllFiles(ctx, await loadAttachable(ctx, on));
  return encodeFiles(ctx, options, files, on);
}
