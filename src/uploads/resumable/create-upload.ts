import { withCredentials } from '../../auth/current-credentials.ts';
import { assertWriteScope } from '../../auth/require-scope.ts';
import { type Context, contextOf, type RequestContext } from '../../context.ts';
import { ResumableUpload } from '../../database/entities/index.ts';
import { transact } from '../../database/transaction.ts';
import { BadUserInputError, ConflictError } from '../../errors.ts';
import { cleanName } from '../../files/file-name.ts';
import { authorizeUpload } from '../authorize-upload.ts';
import { createUploadOnce } from '../idempotency.ts';
import { assertFileSize, countUpload } from '../limits.ts';
import { assertReservable, reserveLength } from '../reservation.ts';
import { assertDeclaredType, ownerOf } from '../upload-grant.ts';
import { reserveWithToken } from '../upload-token-limits.ts';
import { findUpload } from './find-upload.ts';
import { assertMetadataLength, insertUpload, type NewUpload, uploadName } from './insert-upload.ts';
import { PARTIAL } from './partial-upload.ts';

/**
 * Resumable uploads: files whose bytes are sent in several requests, by tus
 * (https://tus.io/protocols/resumable-upload) or directly to the object store. Each is a row of
 * `resumable_uploads` and bytes under its key in the storage.
 *
 * 1. **Created** (`createUpload`): rights, limits, quota and free space are checked before a byte
 *    is sent. One transaction inserts the row and reserves the length in the quotas of the projects
 *    and of the user.
 * 2. **Appended to** (`appendToUpload`; `writeChunks` for the parts of a final upload,
 *    `completeDirectUpload` for direct uploads). One request at a time holds the lock
 *    (`upload-lock.ts`). On one server it is a map in memory; between servers a lease in the row,
 *    of 4 seconds, renewed every second. Each write to the row names the lease, so that a request
 *    that lost it changes nothing. Every 16 MiB, and at the end of a request, a checkpoint syncs
 *    the bytes and then sets `received`: bytes beyond it are overwritten by the next request.
 * 3. **Completed** (`completeUpload`), under the same lock:
 *    a. inspect: the type, hash and dimensions are stored in `facts`;
 *    b. move: the bytes are committed under `blobKey`, without a copy;
 *    c. add: one transaction inserts the file, its attachments and events, releases the
 *       reservation, and sets `file` and `isFinished`. The row stays until it expires, so that a
 *       client that lost the response finds its file.
 * 4. **Terminated or expired** (`terminateUpload`, `deleteExpiredUploads`): first the bytes are
 *    deleted, unless they are a file's, then the row with its reservation. An upload expires
 *    `unfinishedMs` after its last checkpoint, and one without any byte after 15 minutes.
 *
 * What a crash, of a server or by a power cut, leaves:
 *
 * - in 1: nothing, since the transaction is rolled back;
 * - in 2: the bytes up to the last checkpoint. The lease ends by itself, and the client continues
 *   at `received`;
 * - in 3, before or after a: the bytes. The next request for the upload begins with a again, or
 *   with b when `facts` is set;
 * - in 3, after b: committed bytes and `facts`. Moving them again has no effect, and c follows. The
 *   sweep does not delete them, because the row names their key;
 * - in 3, after c: the file. The next request finds `isFinished`, so that it is added once;
 * - in 4: a row without bytes. The next termination, or the check for expired uploads, deletes it.
 */

/**
 * Creates a resumable upload, and refuses what can be refused before a byte is sent. Throws what
 * `authorizeUpload`, `assertReservable` and `createUploadOnce` throw, `PayloadTooLargeError`,
 * `UnsupportedMediaTypeError`.
 */
export async function createUpload(request: RequestContext, input: NewUpload): Promise<ResumableUpload> {
  const ctx = contextOf(request);
  const destination = await withCredentials(ctx, () => authorizeUpload(ctx, input.options));
  const name = input.isPartial ? cleanName(input.claim.name) : uploadName(ctx, input);
  assertMetadataLength(input.metadata);
  assertFileSize(input.length ?? 0, ctx.limits);
  if (ctx.uploadGrant) assertPlainUpload(ctx, input);
  countUpload(ctx);
  return transact(ctx.em, async (em) => {
    const tx = { ...ctx, em };
    const create = async () => {
      await reserveWithToken(tx, name, input.length ?? 0);
      await assertReservable(tx, { name, bytes: input.length ?? 0, destination });
      return insertUpload(tx, { ...input, name, destination, concat: input.isPartial ? PARTIAL : null });
    };
    const { idempotencyKey: key, metadata, length } = input;
    if (key === undefined) return create();
    const find = (id: string) => findRepeated(tx, id);
    return createUploadOnce(tx, { key, request: ['tus', metadata, length] }, { find, create });
  });
}

/** The upload of a repeated request; null when it has expired. */
async function findRepeated(ctx: Context, id: string): Promise<ResumableUpload | null> {
  const found = await ctx.em.findOne(ResumableUpload, { id, ...ownerOf(ctx), expiresAt: { $gt: ctx.now() } });
  if (found?.isFinished && !found.file)
    throw new ConflictError('The file of the upload with this idempotency key was removed since. Use a new key.');
  return found;
}

/**
 * Asserts that a guest's upload can be counted when it is created: it declares its length, and is
 * not joined from others. Throws `BadUserInputError`, `UnsupportedMediaTypeError`.
 */
function assertPlainUpload(ctx: Context, { claim, length, isPartial }: NewUpload): void {
  if (length === null || isPartial)
    throw new BadUserInputError(
      'With an upload token, send Upload-Length, and neither Upload-Concat nor a later length.',
    );
  assertDeclaredType(ctx, claim);
}

/**
 * Sets the length of an upload whose length was not known. Throws `NotFoundError`,
 * `PayloadTooLargeError`, `ForbiddenError`, `QuotaExceededError`, and `BadUserInputError` when
 * another length is known.
 */
export async function setLength(ctx: RequestContext, id: string, length: number): Promise<void> {
  assertFileSize(length, ctx.limits);
  const upload = await findUpload(ctx, id);
  assertWriteScope(ctx.viewer);
  if (upload.length !== length) await reserveLength(ctx, id, length);
}
