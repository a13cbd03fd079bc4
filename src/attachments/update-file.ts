import { canChangeFile, canReviewFile } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { Attachment, File, type FileStatus, User } from '../database/entities/index.ts';
import { searchKey } from '../database/search-key.ts';
import { Forbidden } from '../errors.ts';
import { snapshotOf } from '../events/event.ts';
import { changing } from '../events/in-transaction.ts';
import { mustBeName } from '../files/file-name.ts';
import { factsOf, seeFile } from '../files/load-files.ts';
import { refusedByName } from '../uploads/receive.ts';
import { pendingAmong } from '../uploads/upload-session.ts';
import { follow } from './add-files.ts';
import { tellChange } from './emit-file-events.ts';
import { lockChains } from './lock-versions.ts';

export { fileOrigins, fileStatuses } from '../database/entities/index.ts';

/** What may be changed of a file; what is not given stays. `status` null takes it off the review. */
export interface FileChange {
  name?: string | undefined;
  status?: FileStatus | null | undefined;
  available?: boolean | undefined;
}

/** Changes one version of a file; who did it and when is kept. Throws `NotFound`, `Forbidden`, `BadInput`, `UnsupportedType`. */
export async function updateFile(ctx: Context, id: number, change: FileChange): Promise<File> {
  return changing(ctx, async (inside) => {
    const { em } = inside;
    await lockChains(inside, [(await seeFile(inside, id)).file.chain]);
    const { access, ...seen } = await seeFile(inside, id);
    const before = snapshotOf(seen.file);
    if (!canChangeFile(ctx.viewer, factsOf(seen.file), access))
      throw new Forbidden(`You may see File:${id}, but not change it.`);
    if (change.status !== undefined && !canReviewFile(ctx.viewer, factsOf(seen.file), access)) {
      throw new Forbidden(`Only those who may edit something that File:${id} hangs on review it.`);
    }
    const file = await em.findOneOrFail(File, { id });
    const attachments = await inChunks(
      seen.attachments.map((row) => row.id),
      (some) => em.find(Attachment, { id: { $in: some } }),
    );
    if (change.name !== undefined) {
      const name = mustBeName(change.name);
      const refused = refusedByName(name, ctx.limits);
      if (refused) throw refused;
      file.name = name;
      file.nameKey = searchKey(file.name);
    }
    if (change.status !== undefined) file.status = change.status;
    if (change.available !== undefined) file.available = change.available;
    file.updatedBy = em.getReference(User, ctx.viewer.userId, { wrapped: true });
    file.updatedAt = ctx.now();
    // What was not announced yet will be, as it is then.
    const unheard = new Set((await pendingAmong(inside, attachments)).map((row) => row.attachment.id));
    const home = attachments.find((row) => row.isHome);
    for (const attachment of attachments) {
      if (file.isNewest) follow(inside, attachment, file);
      if (unheard.has(attachment.id)) continue;
      const change = { type: 'FILE_UPDATED', attachment, home } as const;
      if (file.isNewest) tellChange(inside, change, before, snapshotOf(file));
      else inside.tell({ ...change, file: snapshotOf(file) });
    }
    return file;
  });
}
