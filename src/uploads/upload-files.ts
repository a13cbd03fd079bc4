import { type AddOptions, addFiles, authorizeAdd } from '../attachments/add-files.ts';
import type { AddOutcome } from '../attachments/add-versions.ts';
import { type AttachResult, attachFiles } from '../attachments/attach-files.ts';
import { withCredentials } from '../auth/current-credentials.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import type { AttachableRef, Attachment } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import type { GroupOptions } from '../database/transaction-groups.ts';
import type { AttacheError } from '../errors.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { type Attachable, loadAttachable, refOf } from '../workspace/attachable.ts';
import { allowanceFor, authorizeUpload } from './authorize-upload.ts';
import type { ByteAllowance } from './byte-allowance.ts';
import { groupOf } from './commit-group.ts';
import { type IdempotencyClaim, withIdempotencyKey } from './idempotency.ts';
import type { ReceivedFile, ReceiveOutcome } from './receive.ts';
import { type FileFailure, toFileFailure, type UploadResult } from './upload-result.ts';

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

/**
 * Whether a file that fails is reported beside the others, or rejects the request: then none is
 * stored.
 */
export type FailurePolicy = 'report' | 'reject';

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
 * Uploads the files of a request. When it resolves, what it returns is safe from a power cut.
 * Throws what `authorizeUpload`, `receive` and `withIdempotencyKey` throw; with `reject`, the error
 * of a file that failed; `UnauthenticatedError` when the credentials end meanwhile.
 */
export async function uploadFiles(requestContext: RequestContext, request: UploadRequest): Promise<UploadResult> {
  const ctx = contextOf(requestContext);
  const { idempotency, onFailure = 'report' } = request;
  return withCredentials(ctx, async () => {
    const target = await authorizeUpload(ctx, request.options);
    const received = await request.receive(await allowanceFor(ctx, target));
    const options = { ...request.options, ...received.options };
    const { outcomes } = received;
    // A token's row is locked, too.
    const group = ctx.uploadGrant ? undefined : groupOf(target, options, outcomes);
    const store = (context: Context) => storeFiles(context, outcomes, options, { onFailure, group });
    if (!idempotency) return store(ctx);
    return withIdempotencyKey(ctx, { ...idempotency, outcomes }, store, group);
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

interface StoreOptions {
  /** `report` unless given. */
  onFailure?: FailurePolicy;
  /** Whether an upload has reserved the quota of the files already. */
  isReserved?: boolean;
  /** With which others a transaction of its own may share a commit. */
  group?: GroupOptions | undefined;
}

/**
 * Stores received files and merges their outcomes, in the caller's transaction or one of its own.
 * Throws what `addFiles` throws; with `reject`, the error of a file that failed.
 */
export async function storeFiles(
  ctx: Context,
  outcomes: readonly ReceiveOutcome[],
  options: AddOptions,
  { onFailure = 'report', isReserved = false, group }: StoreOptions = {},
): Promise<UploadResult> {
  await commitAll(outcomes);
  return inTransaction(
    ctx,
    async (tx) => {
      if (outcomes.length === 0) return { on: options.on, files: [], attachments: [], written: tx.written, errors: [] };
      const report = (index: number, filename: string, failure: AttacheError): FileFailure => {
        if (onFailure === 'reject') throw failure;
        return toFileFailure(index, filename, failure);
      };
      const errors = outcomes.flatMap((one, index) =>
        'failure' in one ? report(index, one.filename, one.failure) : [],
      );
      const pending = outcomes.flatMap((one, index) => ('file' in one ? { ...one, index } : []));
      const received = pending.map(({ file }) => file);
      const added = await addFiles(tx, received, options, { isReserved });
      const stored: Extract<AddOutcome, { file: unknown }>[] = [];
      for (const [position, outcome] of added.outcomes.entries()) {
        const { index, filename } = pending[position] as (typeof pending)[number];
        if ('failure' in outcome) errors.push(report(index, filename, outcome.failure));
        else stored.push(outcome);
      }
      const attachments = new Set(stored.flatMap((outcome) => outcome.attachments));
      return {
        on: options.on,
        files: stored.map(({ file }) => file),
        attachments: [...attachments].filter((row) => isOn(row, options.on)),
        written: added.written,
        errors: errors.sort((a, b) => a.index - b.index),
      };
    },
    group,
  );
}

/**
 * Commits the bytes to the storage before the transaction begins, because others wait for its
 * locks.
 */
async function commitAll(outcomes: readonly ReceiveOutcome[]): Promise<void> {
  await Promise.all(outcomes.map((outcome) => ('file' in outcome ? outcome.file.commit() : undefined)));
}

const isOn = (row: Row<Attachment>, on: AttachableRef | undefined): boolean =>
  row.onType === on?.type && row.onId === on.id;

/** The outcome of a file that was received. */
export const toReceiveOutcome = (file: ReceivedFile): ReceiveOutcome => ({ filename: file.content.name, file });
