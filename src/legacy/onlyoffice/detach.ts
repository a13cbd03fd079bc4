import { detachFiles } from '../../attachments/detach.ts';
import type { Call } from './index.ts';
import { encodeTask } from './task.ts';

/** Takes a file off a task. It stays stored. */
export async function detach({ ctx, route: { on, fileId = 0 } }: Call): Promise<unknown> {
  await detachFiles(ctx, on, [fileId]);
  return encodeTask(ctx, on.id);
}
