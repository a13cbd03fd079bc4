import { createHash } from 'node:crypto';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type AttachableRef, Attachment, type File, IdempotencyKey } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import type { GroupOptions } from '../database/transaction-groups.ts';
import { ConflictError } from '../errors.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import type { Topic } from '../events/topic.ts';
import { findVisibleFiles } from '../files/load-files.ts';
import { loadAttachable } from '../workspace/attachable.ts';
import { assertKey, findKey, storeKey } from './idempotency-keys.ts';
import type { ReceiveOutcome } from './receive.ts';
import { type FileFailure, toFileFailure, type UploadResult } from './upload-result.ts';

/**
 * Idempotency keys: a client that did not receive the response sends the request again with the
 * same key, which it generated, and receives the first result. The key is written in the
 * transaction of the change: neither is stored without the other.
 */

/** A client's key, and the request that it is for. */
export interface IdempotencyClaim {
  /** 1 to 255 characters. Each user has keys of its own. */
  key: string;
  /** The request as JSON, without its files. The same key with another request is a conflict. */
  request: unknown;
}

/** The result as it is stored, as JSON. */
interface StoredResult {
  on?: AttachableRef | undefined;
  fileIds: number[];
  written: [Topic, number][];
  errors: FileFailure[];
}

/** The upload that was created under a key, as it is stored, as JSON. */
interface StoredUpload {
  uploadId: string;
}

/**
 * Does the work in one transaction, unless it was done under the same key: then it returns the
 * first result. Of two concurrent requests, the second waits for the first. A request that fails as
 * a whole stores no key. Throws `BadUserInputError` for a key of the wrong length, `ConflictError`
 * for one that was used for another request or whose files the viewer can no longer see, and
 * `NotFoundError` when the attachable is no longer visible.
 */
export async function withIdempotencyKey<Result extends UploadResult>(
  requestContext: RequestContext,
  { key, request, outcomes }: IdempotencyClaim & { outcomes: readonly ReceiveOutcome[] },
  work: (tx: TransactionContext) => Promise<Result>,
  group?: GroupOptions,
): Promise<Result | UploadResult> {
  const ctx = contextOf(requestContext);
  assertKey(key);
  const received = outcomes.flatMap((outcome) => ('file' in outcome ? outcome.file : []));
  const fingerprint = fingerprintOf(request, outcomes);
  // Bytes are committed before the transaction, because others wait for its locks.
  if (!(await findKey(ctx, key))) await Promise.all(received.map((file) => file.commit()));
  return inTransaction(
    ctx,
    async (tx) => {
      const stored = await findKey(tx, key);
      if (stored) return replay(tx, stored, fingerprint);
      const result = await work(tx);
      // The limits of the token bound the rows that its bearers add.
      if (tx.uploadGrant && result.files.length === 0) return result;
      await tx.flushEvents();
      await storeKey(tx, { key, fingerprint, result: toStoredResult(result, tx.written) });
      return result;
    },
    // What the work adds is checked there.
    { group, onFullDisk: true },
  );
}

/** How a resumable upload is found again, and how it is created. */
export interface UploadCreation<Upload extends { id: string }> {
  find(id: string): Promise<Upload | null>;
  create(): Promise<Upload>;
}

/**
 * Creates a resumable upload, unless one was created under the same key and still exists: then it
 * returns that, whatever it has received. Needs a transaction. Throws `BadUserInputError` for a key
 * of the wrong length, and `ConflictError` for one that was used for another request.
 */
export async function createUploadOnce<Upload extends { id: string }>(
  tx: Context,
  { key, request }: IdempotencyClaim,
  { find, create }: UploadCreation<Upload>,
): Promise<Upload> {
  assertKey(key);
  const fingerprint = fingerprintOf(request, []);
  const stored = await findKey(tx, key);
  if (stored) {
    assertSameRequest(stored, fingerprint);
    const found = await find((JSON.parse(stored.answer) as StoredUpload).uploadId);
    if (found) return found;
    await tx.em.nativeDelete(IdempotencyKey, { id: stored.id });
  }
  const upload = await create();
  await storeKey(tx, { key, fingerprint, result: { uploadId: upload.id } });
  return upload;
}

function assertSameRequest(stored: IdempotencyKey, fingerprint: string): void {
  if (stored.fingerprint !== fingerprint)
    throw new ConflictError('This idempotency key was used for another request. Use a new key for each request.');
}

/** The stored result, with the files as they are now. */
async function replay(tx: TransactionContext, stored: IdempotencyKey, fingerprint: string): Promise<UploadResult> {
  assertSameRequest(stored, fingerprint);
  const { on, fileIds, written, errors }: StoredResult = JSON.parse(stored.answer);
  const found = await findVisibleFiles(tx, fileIds);
  const files = fileIds.flatMap((id) => found.get(id) ?? []);
  if (files.length < fileIds.length) {
    throw new ConflictError(
      'The request with this idempotency key succeeded, and its files were removed since. Use a new key.',
    );
  }
  // The result contains the attachable, so the viewer has to see it still.
  if (on) await loadAttachable(tx, on);
  const onTarget = on ? await attachmentsOn(tx, on, files) : [];
  const attachments = files.flatMap((file) =>
    onTarget.filter((row) => row.file.unwrap().versionGroup === file.versionGroup),
  );
  return { on, files, attachments, written: new Map(written), errors };
}

/** The attachments of the files, or of their newer versions, to one attachable. */
function attachmentsOn(
  { em }: TransactionContext,
  { type: onType, id: onId }: AttachableRef,
  files: readonly Row<File>[],
) {
  return inChunks(
    files.map((file) => file.versionGroup),
    (chunk) => em.find(Attachment, { onType, onId, file: { versionGroup: { $in: chunk } } }, { populate: ['file'] }),
  );
}

function toStoredResult({ on, files, errors }: UploadResult, written: ReadonlyMap<Topic, number>): StoredResult {
  return { on, fileIds: files.map((file) => file.id), written: [...written], errors };
}

/** A hash of the request, its files and those that failed. */
function fingerprintOf(request: unknown, outcomes: readonly ReceiveOutcome[]): string {
  const failures = outcomes.flatMap((one, index) =>
    'failure' in one ? toFileFailure(index, one.filename, one.failure) : [],
  );
  const files = outcomes.flatMap((one) => {
    if (!('file' in one)) return [];
    const { name, size, sha256 } = one.file.content;
    return { name, size, sha256 };
  });
  return createHash('sha256')
    .update(JSON.stringify([[request, failures], files]))
    .digest('hex');
}
