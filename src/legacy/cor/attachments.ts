import type { IncomingMessage } from 'node:http';
import { addFiles } from '../../attachments/add-files.ts';
import type { Context } from '../../context.ts';
import type { AttachableRef, File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { BadUserInputError, boundedFilename, boundedMessage } from '../../errors.ts';
import { listAllAttachments } from '../../files/list-all.ts';
import { listAttachments } from '../../files/list-files.ts';
import { listVersions, refOfAttachment } from '../../files/load-files.ts';
import { authorizeUpload } from '../../uploads/authorize-upload.ts';
import { loadAttachable } from '../../workspace/attachable.ts';
import type { LegacyForm, LegacyOptions } from '../api.ts';
import { optionsIn } from './fields.ts';
import { fileJson } from './file.ts';

interface FailedFile {
  filename: string;
  message: string;
}

/** Takes the files of a form onto a task. Each is kept, or fails by itself; throws what concerns all of them. */
export async function upload(ctx: Context, taskId: number, request: IncomingMessage, options: LegacyOptions) {
  const on: AttachableRef = { type: 'Task', id: taskId };
  await authorizeUpload(ctx, { on }); // before a byte is read
  await using form = await options.readForm(request, ctx.viewer, (field) => /^files?(?:\[\d*\])?$/.test(field));
  if (form.files.length === 0) throw new BadUserInputError('file is required.');
  const { files, errors } = await keep(ctx, form, on);
  const previous = await versionsBefore(ctx, files);
  const rows = files.map((file) => fileJson(file, { on, taskId }, options.publicUrl(), previous.get(file.id) ?? null));
  return { files: rows, files_q: await countOn(ctx, on), ...(errors.length > 0 ? { errors } : {}) };
}

/** All attachments of a task, those of its discussions as well, oldest first. */
export async function list(ctx: Context, taskId: number, options: LegacyOptions) {
  const reached = await loadAttachable(ctx, { type: 'Task', id: taskId });
  const rows = await listAllAttachments(ctx, reached, { deep: true });
  const previous = await versionsBefore(
    ctx,
    rows.map((row) => row.file),
  );
  const files = rows.map((row) => {
    const file = row.file;
    return fileJson(file, { on: refOfAttachment(row), taskId }, options.publicUrl(), previous.get(file.id) ?? null);
  });
  return { files, files_q: files.length };
}

async function keep(
  ctx: Context,
  form: LegacyForm,
  on: AttachableRef,
): Promise<{ files: Row<File>[]; errors: FailedFile[] }> {
  const incoming = form.files.map((file) => file.incoming);
  const received = incoming.flatMap((one) => ('file' in one ? one.file : []));
  const { outcomes } = await addFiles(ctx, received, { ...optionsIn(form.fields), on });
  const files: Row<File>[] = [];
  const errors: FailedFile[] = [];
  const next = outcomes.values();
  for (const one of incoming) {
    const outcome = 'file' in one ? next.next().value : one;
    if (outcome && 'file' in outcome && 'attachments' in outcome) files.push(outcome.file);
    else if (outcome && 'failure' in outcome)
      errors.push({
        filename: boundedFilename(one.filename),
        message: boundedMessage(outcome.failure.message),
      });
  }
  return { files, errors };
}

async function countOn(ctx: Context, on: AttachableRef): Promise<number> {
  const order = { by: 'createdAt', direction: 'ASC' } as const;
  return listAttachments(ctx, await loadAttachable(ctx, on), {}, order, true).count();
}

/** The version before each file that has one, as far as the viewer may see it. */
async function versionsBefore(ctx: Context, files: readonly Row<File>[]): Promise<Map<number, number>> {
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
