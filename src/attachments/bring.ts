import type { Context } from '../context.ts';
import type { AttachableRef } from '../database/entities/index.ts';
import { changing, type Inside } from '../events/changing.ts';
import { addFiles } from './add.ts';
import { type Attached, attachFiles } from './attach.ts';
import type { ReceivedFile } from './receive.ts';

/**
 * Hangs stored files, and after them files that just came, on an attachable, in one change: all of them, or none.
 * `within` runs in the same transaction. Throws what `addFiles` and `attachFiles` throw, and why a file was not kept.
 */
export async function bringFiles<T = undefined>(
  ctx: Context,
  on: AttachableRef,
  { fileIds, received }: { fileIds: readonly number[]; received: readonly ReceivedFile[] },
  within?: (inside: Inside, attached: Attached) => Promise<T>,
): Promise<Attached & { result: T | undefined }> {
  return changing(ctx, async (inside) => {
    const brought = received.length === 0 ? [] : (await addFiles(inside, received)).outcomes;
    const ids = brought.map((outcome) => {
      if ('failure' in outcome) throw outcome.failure;
      return outcome.file.id;
    });
    return attachFiles(inside, on, [...fileIds, ...ids], within);
  });
}
