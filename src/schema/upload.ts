import type { Upload } from 'graphql-upload-minimal';
import { type AddOptions, addFiles, mayAdd } from '../attachments/add.ts';
import { type ReceivedFile, receiveInline } from '../attachments/receive.ts';
import type { AttachableRef, Attachment, File, FileOrigin, FileStatus } from '../database/entities/index.ts';
import { type AttacheError, BadInput } from '../errors.ts';
import { type Attachable, refOf } from '../workspace/attachable.ts';
import type { InputFields } from './builder.ts';
import type { GraphQLContext } from './context.ts';
import { FileOriginEnum, FileStatusEnum } from './file.ts';
import type { FileError, UploadResult } from './files-payload.ts';
import { idOf } from './ids.ts';

/** What may be said of the files of an upload. */
export interface UploadInput {
  files: readonly Upload[];
  available?: boolean | null | undefined;
  status?: FileStatus | null | undefined;
  createdFrom?: FileOrigin | null | undefined;
  sessionToken?: string | null | undefined;
  parentId?: string | null | undefined;
}

/** What may be said of files that come in, beside the files. */
export const aboutFiles = (t: InputFields) => ({
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
  if (input.files.length === 0) throw new BadInput('Give at least one file.');
  const options = { ...optionsOf(input), on };
  await mayAdd(context, options);
  return keep(context, await receive(context, input.files), options);
}

/** The files that may be given along when something is created that files hang on. */
export const filesAlong = (t: InputFields) => ({
  files: t.field({
    type: ['Upload'],
    description: 'Files to hang on it at once, each a part of the multipart request.',
  }),
});

/**
 * Creates something together with its files: they are received first, so that a request that breaks off creates
 * nothing. `around` is what the viewer has to be allowed to edit; it is asked before the first byte is read.
 */
export async function createWithFiles<Row extends Attachable>(
  context: GraphQLContext,
  files: readonly Upload[] | null | undefined,
  around: AttachableRef | undefined,
  create: () => Promise<Row>,
): Promise<UploadResult & { row: Row }> {
  if (!files?.length) {
    const row = await create();
    return { row, on: refOf(row), files: [], attachments: [], errors: [] };
  }
  await mayAdd(context, { on: around });
  const incoming = await receive(context, files);
  const row = await create();
  return { row, ...(await keep(context, incoming, { on: refOf(row) })) };
}

interface Received {
  arrived: { index: number; filename: string; file: ReceivedFile }[];
  errors: FileError[];
}

async function receive(context: GraphQLContext, uploads: readonly Upload[]): Promise<Received> {
  const incoming = await Promise.all(uploads.map((file) => context.receive(file)));
  const received: Received = { arrived: [], errors: [] };
  for (const [index, result] of incoming.entries()) {
    if ('file' in result) received.arrived.push({ index, ...result });
    else received.errors.push(errorOf(index, result.filename, result.failure));
  }
  return received;
}

async function keep(
  context: GraphQLContext,
  { arrived, errors }: Received,
  options: AddOptions,
): Promise<UploadResult> {
  const { on } = options;
  const { outcomes, written } = await addFiles(
    context,
    arrived.map(({ file }) => file),
    options,
  );
  const files: File[] = [];
  const attachments = new Set<Attachment>();
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
  await mayAdd(context, options);
  await using received = await receiveInline(
    context.storage,
    context.limits,
    { name: filename, contentType: '' },
    blob,
  );
  const {
    outcomes: [outcome],
  } = await addFiles(context, [received], options);
  if (outcome && 'file' in outcome) return outcome.file;
  throw outcome?.failure;
}

function optionsOf({ available, status, createdFrom, sessionToken, parentId }: Omit<UploadInput, 'files'>): AddOptions {
  return {
    available: available ?? true,
    status: status ?? null,
    createdFrom: createdFrom ?? 'TASK_PANEL',
    sessionToken: sessionToken || undefined,
    parentId: parentId == null ? undefined : idOf('File', parentId),
  };
}

const isOn = (row: Attachment, on: AttachableRef) => row.onType === on.type && row.onId === on.id;

function errorOf(index: number, filename: string, failure: AttacheError): FileError {
  return { index, filename, message: failure.message, code: failure.code };
}
