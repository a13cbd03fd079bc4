import type { Upload } from 'graphql-upload-minimal';
import type { AddOptions } from '../../attachments/add-files.ts';
import type { AttachableRef, File, FileOrigin, FileStatus } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { BadUserInputError } from '../../errors.ts';
import type { ByteAllowance } from '../../uploads/byte-allowance.ts';
import { receiveInline } from '../../uploads/receive.ts';
import { type CreationRequest, createWithFiles, toReceiveOutcome, uploadFiles } from '../../uploads/upload-files.ts';
import type { UploadResult } from '../../uploads/upload-result.ts';
import { type Attachable, refOf } from '../../workspace/attachable.ts';
import type { InputFields } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { FileOriginEnum, FileStatusEnum } from '../files/file-enums.ts';
import { idOf } from '../ids.ts';

/** The options of the files of an upload. */
export interface UploadInput {
  files: readonly Upload[];
  available?: boolean | null | undefined;
  status?: FileStatus | null | undefined;
  createdFrom?: FileOrigin | null | undefined;
  sessionToken?: string | null | undefined;
  parentId?: string | null | undefined;
  idempotencyKey?: string | null | undefined;
}

/** The input fields of an uploaded file, except its content. */
export const aboutFile = (t: InputFields) => ({
  available: t.boolean({
    defaultValue: true,
    description:
      'Whether all users who may see the attachable may see the file. Otherwise only users who may edit it, and you, do.',
  }),
  status: t.field({ type: FileStatusEnum, description: 'Review status of the file; none when omitted.' }),
  createdFrom: t.field({
    type: FileOriginEnum,
    defaultValue: 'TASK_PANEL' as const,
    description: 'Step of the work in which the file is uploaded.',
  }),
  sessionToken: t.string({
    description:
      'Token of an upload session. Its files are announced together when the session ends. The first use of a token opens the session.',
  }),
  parentId: t.id({
    description:
      'Id of any version of a file, as in `File:1`. The upload becomes its next version, on everything that the file is attached to.',
  }),
});

/** The input field of the idempotency key. */
export const idempotency = (t: InputFields) =>
  t.string({
    description:
      'A key of your choice, 1 to 255 characters. Repeating a request with the same key ' +
      'stores nothing again and returns the first result. The server remembers a key for a ' +
      'day unless configured otherwise. CONFLICT when the key was used for another request.',
  });

/** The same, and the idempotency key. */
export const aboutFiles = (t: InputFields) => ({ ...aboutFile(t), idempotencyKey: idempotency(t) });

export const uploadFields = (t: InputFields) => ({
  files: t.field({
    type: ['Upload'],
    required: true,
    description: 'One or more files, each a part of the multipart request.',
  }),
  ...aboutFiles(t),
});

/** Uploads the files of a mutation. Throws what `uploadFiles` does. */
export async function upload(context: GraphQLContext, input: UploadInput, on?: AttachableRef): Promise<UploadResult> {
  if (input.files.length === 0) throw new BadUserInputError('Give at least one file.');
  const options = { ...optionsOf(input), on };
  return uploadFiles(context, {
    options,
    receive: (allowance) => receiveParts(context, input.files, allowance),
    idempotency: claimOf(input.idempotencyKey, ['upload', options]),
  });
}

/** The arguments of a `create…` mutation for the files that are attached to what it creates. */
export const attachedFilesFields = (t: InputFields) => ({
  files: t.field({
    type: ['Upload'],
    description: 'Files to attach to the new object, each a part of the multipart request.',
  }),
  idempotencyKey: idempotency(t),
});

/** An attachable that is created, and the files that are attached to it at once. */
export interface Creation<Created extends Attachable> extends Pick<CreationRequest<Created>, 'parent' | 'create'> {
  files?: readonly Upload[] | null | undefined;
  idempotencyKey?: string | null | undefined;
  /** The mutation and its arguments, for which the idempotency key stands. */
  request: unknown;
}

/** Creates an attachable with the files of the mutation. Throws what `createWithFiles` does. */
export async function createWithParts<Created extends Attachable>(
  context: GraphQLContext,
  { files, idempotencyKey, request, parent, create }: Creation<Created>,
): Promise<UploadResult & { row: Created }> {
  if (!files?.length && idempotencyKey == null) {
    const row = await create(context);
    return { row, on: refOf(row), files: [], attachments: [], errors: [] };
  }
  return createWithFiles(context, {
    parent,
    create,
    receive: files?.length ? () => receiveParts(context, files) : undefined,
    idempotency: claimOf(idempotencyKey, request),
  });
}

async function receiveParts(context: GraphQLContext, files: readonly Upload[], allowance?: ByteAllowance) {
  return { outcomes: await Promise.all(files.map((file) => context.receive(file, allowance))) };
}

const claimOf = (key: string | null | undefined, request: unknown) => (key == null ? undefined : { key, request });

/** Uploads one file given as base64. Throws what `uploadFiles` does, and the error of the file. */
export async function uploadInline(
  context: GraphQLContext,
  { filename, blob, ...input }: Omit<UploadInput, 'files'> & { filename: string; blob: Buffer },
  on: AttachableRef,
): Promise<Row<File>> {
  const options = { ...optionsOf(input), on };
  await using stack = new AsyncDisposableStack();
  const { files } = await uploadFiles(context, {
    options,
    onFailure: 'reject',
    idempotency: claimOf(input.idempotencyKey, ['inline', options]),
    async receive() {
      const file = stack.use(await receiveInline(context, { name: filename, contentType: '' }, blob));
      return { outcomes: [toReceiveOutcome(file)] };
    },
  });
  return files[0] as Row<File>;
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
