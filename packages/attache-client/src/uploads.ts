/**
 * Uploads of any size: small files as a GraphQL multipart request, larger ones by tus, which
 * continues after a lost connection.
 */
import { OperationError } from './errors.ts';
import { executeMultipart } from './multipart.ts';
import { uploadByTus } from './tus.ts';
import { MAX_MULTIPART_SIZE, randomKey, type TransferOptions, type UploadServer } from './upload-server.ts';

export { SignInRequiredError, type Token } from './credentials.ts';
export { ConnectionError, type GraphQLResponseError, OperationError, type OperationResult } from './errors.ts';
export type { UploadRequest } from './multipart.ts';
export { executeUpload } from './upload-operation.ts';
export type { TransferOptions, UploadServer } from './upload-server.ts';

/** What a file becomes. See `UploadTaskFilesInput` in the schema. */
export interface UploadFileOptions extends TransferOptions {
  /** The attachable to add the file to, as in `Task:1`; attached to nothing when omitted. */
  on?: string | undefined;
  /** The name of the file; that of a `File` unless given. */
  name?: string | undefined;
  /** Any version of a file, as in `File:1`: the upload becomes its next version. */
  parentId?: string | undefined;
  available?: boolean | undefined;
  status?: string | undefined;
  createdFrom?: string | undefined;
  sessionToken?: string | undefined;
}

/**
 * Uploads one file. Resolves with its id, such as `File:42`, when it is durable. Rejects with
 * `OperationError` when the server refuses it, and with `ConnectionError` when it stays
 * unreachable.
 */
export async function uploadFile(
  server: UploadServer,
  file: Blob,
  options: UploadFileOptions = {},
): Promise<{ id: string }> {
  const { onProgress, signal, name = (file as Partial<File>).name ?? 'file', ...target } = options;
  const transfer = { onProgress, signal };
  const given = Object.entries(target).filter(([, value]) => value !== undefined);
  if (file.size <= (server.maxMultipartSize ?? MAX_MULTIPART_SIZE))
    return uploadByMutation(server, new File([file], name, { type: file.type }), Object.fromEntries(given), transfer);
  const metadata = Object.fromEntries(given.map(([key, value]) => [key, String(value)]));
  const id = await uploadByTus(server, file, { filename: name, filetype: file.type, ...metadata }, transfer);
  return { id };
}

async function uploadByMutation(
  server: UploadServer,
  file: File,
  { on, ...fields }: { on?: string },
  transfer: TransferOptions,
): Promise<{ id: string }> {
  const kind = on === undefined ? '' : kindOf(on);
  const place = on === undefined ? {} : { [`${kind.toLowerCase()}Id`]: on };
  const query = `mutation Upload($input: Upload${kind}FilesInput!) {
    upload${kind}Files(input: $input) { files { id } errors { message code } }
  }`;
  const input = { ...place, ...fields, files: [file], idempotencyKey: randomKey() };
  const { data, errors } = await executeMultipart<Record<string, Payload>>(
    server,
    { query, variables: { input } },
    transfer,
  );
  const payload = Object.values(data ?? {})[0];
  const [stored] = payload?.files ?? [];
  if (stored) return stored;
  const refused = payload?.errors.map(({ message, code }) => ({ message, extensions: { code } }));
  throw new OperationError(errors ?? refused ?? []);
}

interface Payload {
  files: { id: string }[];
  errors: { message: string; code: string }[];
}

/** The part of the mutation's name for the type of the attachable: `Task` for `Task:1`. */
function kindOf(on: string): string {
  const [type = ''] = on.split(':');
  return ['Contact', 'Opportunity', 'Case'].includes(type) ? 'Entity' : type;
}
