import { assertUploadTokenWorks, endedUploadToken } from '../auth/guest.ts';
import type { Context, RequestContext } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import { UploadToken } from '../database/entities/index.ts';
import { forUpdate } from '../database/sql.ts';
import { QuotaExceededError } from '../errors.ts';
import { ByteAllowance } from './byte-allowance.ts';

/**
 * The limits of upload tokens. The row of a token counts the files and bytes that were added with
 * it, and those of unfinished uploads, in the transactions that add them; so servers cannot exceed
 * them together. Lock order: the token, then projects, then the sums of temporary bytes.
 */

/**
 * The bytes that files of one request may share; undefined for users. Throws `QuotaExceededError`.
 */
export function tokenAllowance({ uploadGrant }: RequestContext): ByteAllowance | undefined {
  if (!uploadGrant) return undefined;
  const { usedFiles, maxFiles, maxBytes, usedBytes } = uploadGrant;
  if (usedFiles >= maxFiles) throw new QuotaExceededError(`No file is accepted. ${fileLimit(uploadGrant)}`);
  return new ByteAllowance({ bytes: Math.max(0, maxBytes - usedBytes), reason: byteLimit(uploadGrant) });
}

/** What a token still accepts, in a transaction that has locked it. */
export interface TokenQuota {
  /** The error of a file that does not fit. */
  failureOf(file: { name: string; size: number }): QuotaExceededError | undefined;
  /** Subtracts a file from what is left. */
  subtract(file: { size: number }): void;
  /** Counts the stored files on the row. */
  settle(files: readonly { size: number }[]): Promise<void>;
}

/**
 * Locks the token of a guest until the transaction ends; undefined for users. With `isReserved`,
 * the upload was counted when it was created, and nothing more is. Throws `UnauthenticatedError`
 * when the token has ended since the request began.
 */
export async function lockTokenQuota(ctx: Context, isReserved = false): Promise<TokenQuota | undefined> {
  const { em, uploadGrant } = ctx;
  if (!uploadGrant) return undefined;
  const row = await em.findOne(UploadToken, { id: uploadGrant.tokenId }, forUpdate);
  if (!row) throw endedUploadToken();
  await assertUploadTokenWorks(em, uploadGrant.tokenId, ctx.now());
  const { maxFiles, maxBytes, usedFiles, usedBytes } = row;
  const left = { files: maxFiles - usedFiles, bytes: maxBytes - usedBytes };
  return {
    failureOf({ name, size }) {
      if (isReserved) return undefined;
      if (left.files < 1) return new QuotaExceededError(`${name} is not accepted. ${fileLimit(row)}`);
      return left.bytes < size ? new QuotaExceededError(`${name} is not accepted. ${byteLimit(row)}`) : undefined;
    },
    subtract({ size }) {
      left.files -= 1;
      left.bytes -= size;
    },
    async settle(files) {
      const bytes = files.reduce((sum, { size }) => sum + size, 0);
      if (!isReserved && files.length > 0) await addUse(em, row.id, files.length, bytes);
    },
  };
}

/**
 * Reserves an upload whose bytes are sent in later requests, in the transaction that inserts it.
 * Does nothing for users. Throws `QuotaExceededError`, `UnauthenticatedError`.
 */
export async function reserveWithToken(ctx: Context, name: string, size: number): Promise<void> {
  const quota = await lockTokenQuota(ctx);
  const failure = quota?.failureOf({ name, size });
  if (failure) throw failure;
  await quota?.settle([{ size }]);
}

/** Gives back what an unfinished upload has reserved, in the transaction that deletes it. */
export const releaseToken = (em: EntityManager, tokenId: number, bytes: number): Promise<unknown> =>
  addUse(em, tokenId, -1, -bytes);

function addUse(em: EntityManager, tokenId: number, files: number, bytes: number): Promise<unknown> {
  return em.execute('update upload_tokens set used_files = used_files + ?, used_bytes = used_bytes + ? where id = ?', [
    files,
    bytes,
    tokenId,
  ]);
}

const fileLimit = ({ maxFiles }: { maxFiles: number }) => `This upload token accepts ${maxFiles} files in all.`;
const byteLimit = ({ maxBytes }: { maxBytes: number }) => `This upload token accepts ${maxBytes} bytes in all.`;
