import type { IncomingMessage } from 'node:http';
import type { RequestContext } from '../../context.ts';
import type { AttachableRef, File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { BadUserInputError } from '../../errors.ts';
import { listAllAttachments } from '../../files/list-all.ts';
import { listAttachments } from '../../files/list-files.ts';
import { listVersions } from '../../files/load-files.ts';
import { uploadFiles } from '../../uploads/upload-files.ts';
import { loadAttachable } from '../../workspace/attachable.ts';
import type { LegacyOptions } from '../api.ts';
import { encodeFile } from './file.ts';
import { parseUploadOptions } from './upload-options.ts';

/**
 * Uploads the files of a form to a task. Each is stored or fails alone. Throws as `uploadFiles`.
 */
export async function uploadAttachments(
  ctx: RequestContext,
  taskId: number,
  request: IncomingMessage,
  options: LegacyOptions,
) {
  const on: AttachableRef = { type: 'Task', id: taskId };
  await using stack = new AsyncDisposableStack();
  const { files, errors } = await uploadFiles(ctx, {
    options: { on },
    async receive() {
      const form = stack.use(await options.readForm(request, ctx.viewer, isFileField));
      if (form.files.length === 0) throw new BadUserInputError('file is required.');
      return {
        outcomes: form.files.map(({ outcome: incoming }) => incoming),
        options: parseUploadOptions(form.fields),
      };
    },
  });
  const previous = await findPreviousVersions(ctx, files);
  const rows = files.map((file) =>
    encodeFile(file, { on, taskId }, options.publicUrl(), previous.get(file.id) ?? null),
  );
  const failed = errors.map(({ filename, message }) => ({ filename, message }));
  return { files: rows, files_q: await countAttachments(ctx, on), ...(failed.length > 0 ? { errors: failed } : {}) };
}

const isFileField = (field: string): boolean => /^files?(?:\[\d*\])?$/.test(field);

/** Lists all attachments of a task and of its comments, oldest first. */
export async function listTaskAttachments(ctx: RequestContext, taskId: number, options: LegacyOptions) {
  const access = await loadAttachable(ctx, { type: 'Task', id: taskId });
  const rows = await listAllAttachments(ctx, access, { deep: true });
  const previous = await findPreviousVersions(
    ctx,
    rows.map((row) => row.file),
  );
  const files = rows.map(({ on, file }) =>
    encodeFile(file, { on, taskId }, options.publicUrl(), previous.get(file.id) ?? null),
  );
  return { files, files_q: files.length };
}

async function countAttachments(ctx: RequestContext, on: AttachableRef): Promise<number> {
  const order = { by: 'createdAt', direction: 'ASC' } as const;
  return listAttachments(ctx, await loadAttachable(ctx, on), {}, order, true).count();
}

/** The ids of the previous versions that the viewer may see, by the ids of the files. */
async function findPreviousVersions(ctx: RequestContext, files: readonly Row<File>[]): Promise<Map<number, number>> {
  const later = files.filter((file) => file.version > 1);
  if (later.length === 0) return new Map();
  const versionGroups = await listVersions(
    ctx,
    later.map((file) => file.versionGroup),
  );
  return new Map(
    later.flatMap((file) => {
      const before = versionGroups.get(file.versionGroup)?.find((one) => one.version < file.version);
      return before ? [[file.id, before.id] as const] : [];
    }),
  );
}
