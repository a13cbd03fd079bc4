import { canChangeFile, canReviewFile } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { Attachment, type File, type FileStatus, User } from '../database/entities/index.ts';
import { Forbidden } from '../errors.ts';
import { follow } from './add.ts';
import { mustBeName } from './name.ts';
import { factsOf, seeFile } from './read.ts';

export { fileOrigins, fileStatuses } from '../database/entities/index.ts';

/** What may be changed of a file; what is not given stays. `status` null takes it off the review. */
export interface FileChange {
  name?: string | undefined;
  status?: FileStatus | null | undefined;
  available?: boolean | undefined;
}

/** Changes one version of a file; who did it and when is kept. Throws `NotFound`, `Forbidden`, `BadInput`. */
export async function updateFile(ctx: Context, id: number, change: FileChange): Promise<File> {
  return ctx.em.transactional(async (em) => {
    const inside = { ...ctx, em };
    const { file, through } = await seeFile(inside, id);
    if (!canChangeFile(ctx.viewer, factsOf(file), through))
      throw new Forbidden(`You may see File:${id}, but not change it.`);
    if (change.status !== undefined && !canReviewFile(ctx.viewer, through)) {
      throw new Forbidden(`Only those who may edit something that File:${id} hangs on review it.`);
    }
    if (change.name !== undefined) {
      file.name = mustBeName(change.name);
      file.nameKey = file.name.toLowerCase();
    }
    if (change.status !== undefined) file.status = change.status;
    if (change.available !== undefined) file.available = change.available;
    file.updatedBy = em.getReference(User, ctx.viewer.userId, { wrapped: true });
    file.updatedAt = ctx.now();
    for (const row of await em.find(Attachment, { file: id })) follow(inside, row, file);
    return file;
  });
}
