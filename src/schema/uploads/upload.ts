import type { Upload } from 'graphql-upload-minimal';
import { type AddOptions, addFiles, authorizeAdd } from '../../attachments/add-files.ts';
import type { Context } from '../../context.ts';
import type { AttachableRef, Attachment, File, FileOrigin, FileStatus } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { type AttacheError, BadUserInputError, boundedFilename, boundedMessage } from '../../errors.ts';
import { inTransaction } from '../../events/in-transaction.ts';
import { allowanceFor, authorizeUpload } from '../../uploads/authorize-upload.ts';
import type { ByteAllowance } from '../../uploads/byte-allowance.ts';
import { type IdempotentRequest, withIdempotencyKey } from '../../uploads/idempotency.ts';
import { type ReceivedFile, receiveInline } from '../../uploads/receive.ts';
import { type Attachable, loadAttachable, refOf } from '../../workspace/attachable.ts';
import type { InputFields } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { FileOriginEnum, FileStatusEnum } from '../files/file.ts';
import type { FileError, UploadResult } from '../files/files-payload.ts';
import { idOf } from '../ids.ts';

/** What may be said of the files of an upload. */
export interface UploadInput {
  files: readonly Upload[];
  available?: boolean | null | undefined;
  status?: FileStatus | null | undefined;
  createdFrom?: FileOrigin | null | undefined;
  sessionToken?: string | null | undefined;
  parentId?: string | null | undefined;
  idempotencyKey?: string | null | undefined;
}

/** What may be said of a file that comes in, beside the file. */
export const aboutFile = (t: InputFields) => ({
  available: t.boolean({
    defaultValue: true,
    description: 'Whether everybody who sees where they hang sees them; if not, only you and editors do.',
  }),
  status: t.field({ type: FileStatusEnum, description: 'Where they stand in their review; none unless given.' }),
  createdFrom: t.field({
    type: FileOriginEnum,
    defaultValue: 'TASK_PANEL' as const,
    description: 'What you are doing.',
  }),
  sessionToken: t.string({
    description:
      'Announces the files together with others of this token, when the session is finished. Opened by its first use.',
  }),
  parentId: t.id({
    description: 'Any version of a file, as in `File:1`: what is uploaded becomes its next version, wherever it hangs.',
  }),
});

const idempotency = (t: InputFields) =>
  t.string({
    description:
      'A key of your own making, 1 to 255 characters. Asked again with the same key, because the answer was lost, ' +
      'this is not done again: you get the first answer. Remembered for a day, unless the server says otherwise. ' +
      'CONFLICT when the key was used for something else.',
  });

/** The same, and the key under which it is done once. */
export const aboutFiles = (t: InputFields) => ({ ...aboutFile(t), idempotencyKey: idempotency(t) });

export const uploadFields = (t: InputFields) => ({
  files: t.field({
    type: ['Upload'],
    required: true,
    description: 'One or more files, each a part of the multipart request.',
  }),
  ...aboutFiles(t),
});

/**
 * Takes the files of a request and stores those that arrived whole. Rights are asked before the first byte is read,
 * so that a request that may not upload costs nothing.
 */
export async function upload(context: GraphQLContext, input: UploadInput, on?: AttachableRef): Promise<UploadResult> {
  if (input.files.length === 0) throw new BadUserInputError('Give at least one file.');
  const options = { ...optionsOf(input), on };
  const place = await authorizeUpload(context, options);
  const received = await receive(context, input.files, await allowanceFor(context, place));
  const key = input.idempotencyKey;
  if (key == null) return keep(context, received, options);
  return withIdempotencyKey(context, onceOf(key, ['upload', options], received), (tx) => keep(tx, received, options));
}

/** The files that may be given along when something is created that files hang on. */
export const filesAlong = (t: InputFields) => ({
  files: t.field({
    type: ['Upload'],
    description: 'Files to hang on it at once, each a part of the multipart request.',
  }),
  idempotencyKey: idempotency(t),
});

/** Something that is created with files that hang on it at once. */
export interface Creation<Row extends Attachable> {
  files?: readonly Upload[] | null | undefined;
  idempotencyKey?: string | null | undefined;
  /** What is created, and with what: an idempotency key stands for that. */
  asked: unknown;
  /** What the viewer has to be allowed to edit. It is asked before the first byte is read. */
  around?: AttachableRef | undefined;
  create(ctx: Context): Promise<Row>;
}

/**
 * Creates something together with its files, in one change: they are received first, so that a request that breaks off
 * creates nothing.
 */
export async function createWithFiles<Row extends Attachable>(
  context: GraphQLContext,
  { files, idempotencyKey: key, asked, around, create }: Creation<Row>,
): Promise<UploadResult & { row: Row }> {
  if (!files?.length && key == null) {
    const row = await create(context);
    return { row, on: refOf(row), files: [], attachments: [], errors: [] };
  }
  await (files?.length ? authorizeUpload : authorizeAdd)(context, { on: around });
  const received = await receive(context, files ?? []);
  const both = async (tx: Context) => {
    const row = await create(tx);
    await tx.em.flush(); // it has a number from here on
    return { row, ...(await keep(tx, received, { on: refOf(row) })) };
  };
  if (key == null) return inTransaction(context, both);
  const result = await withIdempotencyKey(context, onceOf(key, asked, received), both);
  if ('row' in result) return result;
  return { ...result, row: (await loadAttachable(context, result.on as AttachableRef)).row as Row };
}

interface Received {
  arrived: { index: number; filename: string; file: ReceivedFile }[];
  errors: FileError[];
}

async function receive(
  context: GraphQLContext,
  uploads: readonly Upload[],
  allowance?: ByteAllowance,
): Promise<Received> {
  const incoming = await Promise.all(uploads.map((file) => context.receive(file, allowance)));
  const received: Received = { arrived: [], errors: [] };
  for (const [index, result] of incoming.entries()) {
    if ('file' in result) received.arrived.push({ index, ...result });
    else received.errors.push(errorOf(index, result.filename, result.failure));
  }
  return received;
}

const onceOf = (key: string, asked: unknown, { arrived, errors }: Received): IdempotentRequest => ({
  key,
  asked: [asked, errors],
  received: arrived.map(({ file }) => file),
});

async function keep(context: Context, { arrived, errors }: Received, options: AddOptions): Promise<UploadResult> {
  const { on } = options;
  const { outcomes, written } = await addFiles(
    context,
    arrived.map(({ file }) => file),
    options,
  );
  const files: Row<File>[] = [];
  const attachments = new Set<Row<Attachment>>();
  const refused = [...errors];
  for (const [place, outcome] of outcomes.entries()) {
    const { index, filename } = arrived[place] as Received['arrived'][number];
    if ('failure' in outcome) {
      refused.push(errorOf(index, filename, outcome.failure));
      continue;
    }
    files.push(outcome.file);
    for (const attachment of outcome.attachments) if (on && isOn(attachment, on)) attachments.add(attachment);
  }
  return { on, files, attachments: [...attachments], written, errors: refused.sort((a, b) => a.index - b.index) };
}

/** Stores one file that came as base64. Throws why it is not kept. */
export async function uploadInline(
  context: GraphQLContext,
  { filename, blob, ...about }: Omit<UploadInput, 'files'> & { filename: string; blob: Buffer },
  on: AttachableRef,
): Promise<File> {
  const options = { ...optionsOf(about), on };
  await authorizeUpload(context, options);
  await using received = await receiveInline(context, { name: filename, contentType: '' }, blob);
  const keepIt = async (ctx: Context) => {
    const [outcome] = (await addFiles(ctx, [received], options)).outcomes;
    if (!outcome || 'failure' in outcome) throw outcome?.failure;
    return { on, files: [outcome.file], attachments: outcome.attachments, errors: [] };
  };
  const key = about.idempotencyKey;
  const asked = { asked: ['inline', options], received: [received] };
  const result = key == null ? await keepIt(context) : await withIdempotencyKey(context, { key, ...asked }, keepIt);
  return result.files[0] as File;
}

export function optionsOf({
  available,
  status,
  createdFrom,
  sessionToken,
  parentId,
}: Omit<UploadInput, 'files'>): AddOptions {
  return {
    available: available ?? true,
    status: status ?? null,
    createdFrom: createdFrom ?? 'TASK_PANEL',
    sessionToken: sessionToken || undefined,
    parentId: parentId == null ? undefined : idOf('File', parentId),
  };
}

const isOn = (row: Row<Attachment>, on: AttachableRef) => row.onType === on.type && row.onId === on.id;

function errorOf(index: number, filename: string, failure: AttacheError): FileError {
  return {
    index,
    filename: boundedFilename(filename),
    message: boundedMessage(failure.message),
    code: failure.code,
  };
}
