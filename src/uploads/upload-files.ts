import { type AddOptions, authorizeAdd } from '../attachments/add-files.ts';
import { type AttachResult, attachFiles } from '../attachments/attach-files.ts';
import { withCredentials } from '../auth/current-credentials.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import type { AttachableRef } from '../database/entities/index.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { type Attachable, loadAttachable, refOf } from '../workspace/attachable.ts';
import { allowanceFor, authorizeUpload } from './authorize-upload.ts';
import type { ByteAllowance } from './byte-allowance.ts';
import { groupOf } from './commit-group.ts';
import { type IdempotencyClaim, withIdempotencyKey } from './idempotency.ts';
import type { ReceivedFile, ReceiveOutcome } from './receive.ts';
import { commitAll, type FailurePolicy, storeFiles } from './store-files.ts';
import { storeTogether } from './store-together.ts';
import type { UploadResult } from './upload-result.ts';

/**
 * The one use case of uploading, for every transport: GraphQL multipart and base64, `create…` with
 * files, completed resumable and direct uploads, and every older API.
 *
 * 1. Authorize, and check free space and quota, before the first byte is read.
 * 2. Receive: the transport reads the bytes; each file is limited and hashed while it is received.
 * 3. Claim the idempotency key, if the client sent one, or replay the first result.
 * 4. Store the files, their attachments and their events in one transaction.
 * 5. Merge: a file that failed while it was received or stored is reported with its index.
 */

/** Files as a transport received them. */
export interface ReceivedUpload {
  /** In the order of the request. */
  outcomes: readonly ReceiveOutcome[];
  /** Options that are known only after the request was read. They override those of the request. */
  options?: Omit<AddOptions, 'on'>;
}

/** Files that a request carries. */
export interface UploadRequest {
  /** Where the files go, and how they are added. */
  options: AddOptions;
  /**
   * Reads the files of the request, which the viewer may upload. Files that will be attached to
   * nothing share `allowance`. The transport disposes of what it received.
   */
  receive(allowance: ByteAllowance | undefined): Promise<ReceivedUpload>;
  /** `report` unless given. */
  onFailure?: FailurePolicy;
  /** Stores the files once for this key; see `withIdempotencyKey`. */
  idempotency?: IdempotencyClaim | undefined;
}

/**
 * Uploads the files of a request. When it resolves, what it returns is safe from a power cut, or
 * the response is held until it is (`holdResponse`). Throws what `authorizeUpload`, `receive` and
 * `withIdempotencyKey` throw; with `reject`, the error of a file that failed;
 * `UnauthenticatedError` when the credentials end meanwhile.
 */
export async function uploadFiles(requestContext: RequestContext, request: UploadRequest): Promise<UploadResult> {
  const ctx = contextOf(requestContext);
  const { idempotency, onFailure = 'report' } = request;
  return withCredentials(ctx, async () => {
    const target = await authorizeUpload(ctx, request.options);
    const received = await request.receive(await allowanceFor(ctx, target));
    const options = { ...request.options, ...received.options };
    const { outcomes } = received;
    // Uploads that are stored together are those of one viewer.
    const current: Context = { ...ctx, viewer: await ctx.currentViewer(ctx) };
    // A token's row is locked, too.
    const group = ctx.uploadGrant ? undefined : groupOf(target, options, outcomes);
    const store = (context: Context) => storeFiles(context, outcomes, options, { onFailure, group });
    if (idempotency) return withIdempotencyKey(current, { ...idempotency, outcomes }, store, group);
    return group && onFailure === 'report' ? storeTogether(current, { outcomes, options, group }) : store(current);
  });
}

/** An attachable that is created, and the files that are attached to it in the same request. */
export interface CreationRequest<Created extends Attachable> extends Pick<UploadRequest, 'idempotency'> {
  /** The attachable that the viewer has to be allowed to edit, such as the project of a task. */
  parent?: AttachableRef | undefined;
  create(ctx: RequestContext): Promise<Created>;
  /** Undefined for a request without files. */
  receive?: UploadRequest['receive'] | undefined;
}

/**
 * Creates an attachable together with its files, in one transaction. The files are received first,
 * so that a request that breaks off creates nothing; a file that fails is reported, and the
 * attachable is created without it. Throws what `uploadFiles` and `create` throw.
 */
export async function createWithFiles<Created extends Attachable>(
  request: RequestContext,
  { parent, create, receive, idempotency }: CreationRequest<Created>,
): Promise<UploadResult & { row: Created }> {
  const ctx = contextOf(request);
  if (receive) await authorizeUpload(ctx, { on: parent });
  else await authorizeAdd(ctx, { on: parent });
  const { outcomes } = receive ? await receive(undefined) : { outcomes: [] };
  const store = (context: Context) => createAndStoreFiles(context, create, outcomes, 'report');
  if (!idempotency) return store(ctx);
  const result = await withIdempotencyKey(ctx, { ...idempotency, outcomes }, store);
  if ('row' in result) return result;
  return { ...result, row: (await loadAttachable(ctx, result.on as AttachableRef)).row as Created };
}

/** Creates or changes an attachable, and attaches received files to it, in one transaction. */
export async function createAndStoreFiles<Created extends Attachable>(
  ctx: RequestContext,
  create: (tx: TransactionContext) => Promise<Created>,
  outcomes: readonly ReceiveOutcome[],
  onFailure: FailurePolicy,
): Promise<UploadResult & { row: Created }> {
  await commitAll(outcomes);
  return inTransaction(ctx, async (tx) => {
    const row = await create(tx);
    await tx.em.flush(); // assigns its id
    return { row, ...(await storeFiles(tx, outcomes, { on: refOf(row) }, { onFailure })) };
  });
}

/**
 * Attaches stored files, and after them received ones, to one attachable: all of them, or none.
 * `within` runs in the same transaction. Throws what `attachFiles` throws, and the error of a
 * received file that failed.
 */
export async function attachAndStoreFiles<T = undefined>(
  ctx: RequestContext,
  on: AttachableRef,
  { fileIds, outcomes }: { fileIds: readonly number[]; outcomes: readonly ReceiveOutcome[] },
  within?: (tx: TransactionContext, attached: AttachResult) => Promise<T>,
): Promise<AttachResult & { result: T | undefined }> {
  await commitAll(outcomes);
  return inTransaction(ctx, async (tx) => {
    const attached = await attachFiles(tx, on, fileIds);
    const stored = await storeFiles(tx, outcomes, { on }, { onFailure: 'reject' });
    const all: AttachResult = {
      files: [...attached.files, ...stored.files],
      attachments: [...attached.attachments, ...stored.attachments],
      written: tx.written,
    };
    return { ...all, result: await within?.(tx, all) };
  });
}

/** The outcome of a file that was received. */
export const toReceiveOutcome = (file: ReceivedFile): ReceiveOutcome => ({ filename: file.content.name, file });
