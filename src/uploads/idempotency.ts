import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type AttachableRef, Attachment, type File, IdempotencyKey, User } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import type { Row } from '../database/rows.ts';
import { BadUserInputError, ConflictError } from '../errors.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import type { Topic } from '../events/topic.ts';
import { findVisibleFiles } from '../files/load-files.ts';
import { loadAttachable } from '../workspace/attachable.ts';
import type { ReceiveOutcome } from './receive.ts';
import { type FileFailure, toFileFailure, type UploadResult } from './upload-result.ts';

/**
 * A change that is made once. A client that did not receive the response sends the request again with the
 * same key, which it generated, and receives the first result. The key is written in the transaction of the
 * change: neither is stored without the other.
 */

/** The key under which a client may send a request again. */
export interface IdempotencyClaim {
  /** 1 to 255 characters. Each user has keys of its own. */
  key: string;
  /** All that the request says, as JSON takes it: a key stands for one request. */
  request: unknown;
}

interface StoredResult {
  on?: AttachableRef | undefined;
  fileIds: number[];
  written: [Topic, number][];
  errors: FileFailure[];
}

/**
 * Does the work in one transaction, unless it was done under the same key: then it answers the first result, as
 * far as the viewer still sees it. Of two requests at once, the second waits for the first. A request that fails
 * as a whole stores no key. Throws `BadUserInputError` for a key of the wrong length, and `ConflictError` for one
 * that was used for another request or whose files were removed.
 */
export async function withIdempotencyKey<Result extends UploadResult>(
  ctx: Context,
  { key, request, outcomes }: IdempotencyClaim & { outcomes: readonly ReceiveOutcome[] },
  work: (tx: TransactionContext) => Promise<Result>,
): Promise<Result | UploadResult> {
  if (key.length < 1 || key.length > 255) throw new BadUserInputError('An idempotency key has 1 to 255 characters.');
  const received = outcomes.flatMap((outcome) => ('file' in outcome ? outcome.file : []));
  const fingerprint = fingerprintOf(request, outcomes);
  // Renamed and synced before the transaction, which others wait for.
  if (!(await find(ctx, key))) await Promise.all(received.map((file) => file.commit()));
  return inTransaction(ctx, async (tx) => {
    const known = await find(tx, key);
    if (known) return replay(tx, known, fingerprint);
    const result = await work(tx);
    await tx.flushEvents();
    const made = tx.em.create(IdempotencyKey, {
      user: tx.em.getReference(User, tx.viewer.userId),
      key,
      fingerprint,
      answer: JSON.stringify(toStoredResult(result, tx.written)),
      createdAt: tx.now(),
    });
    await tx.em.flush();
    if (made.id % FORGET_EVERY === 0) await deleteOldestKeys(tx);
    return result;
  });
}

/**
 * Keys that are remembered of one user. Beyond that the oldest are forgotten, as if their time were
 * over.
 */
const MAX_KEYS = 100_000;
/**
 * Each so many keys, of whomever, those of their user are looked at: to count them for each would
 * cost too much.
 */
const FORGET_EVERY = 1000;

async function deleteOldestKeys({ em, viewer }: TransactionContext): Promise<void> {
  const [last]: { id: number }[] = await em.execute(
    `select id from idempotency_keys where user_id = ? order by id desc limit 1 offset ${MAX_KEYS}`,
    [viewer.userId],
  );
  if (last) await em.nativeDelete(IdempotencyKey, { user: viewer.userId, id: { $lte: last.id } });
}

/** Forgets keys that are older than they are remembered. */
export async function deleteExpiredKeys(em: EntityManager, before: Date): Promise<void> {
  await em.nativeDelete(IdempotencyKey, { createdAt: { $lt: before } });
}

async function find({ em, viewer, limits, now }: Context, key: string): Promise<IdempotencyKey | undefined> {
  const known = await em.findOne(IdempotencyKey, { user: viewer.userId, key });
  if (!known) return undefined;
  if (known.createdAt.getTime() >= now().getTime() - limits.idempotencyMs) return known;
  await em.nativeDelete(IdempotencyKey, { id: known.id });
  return undefined;
}

async function replay(tx: TransactionContext, known: IdempotencyKey, fingerprint: string): Promise<UploadResult> {
  if (known.fingerprint !== fingerprint) {
    throw new ConflictError('This idempotency key was used for something else. Make a new key for each thing you do.');
  }
  const { on, fileIds, written, errors }: StoredResult = JSON.parse(known.answer);
  const found = await findVisibleFiles(tx, fileIds);
  const files = fileIds.flatMap((id) => found.get(id) ?? []);
  if (files.length < fileIds.length) {
    throw new ConflictError(
      'This was done under its idempotency key, and its files are no longer there. Make a new key.',
    );
  }
  // The answer tells of the place as well.
  if (on) await loadAttachable(tx, on);
  const hung = on ? await attachmentsOf(tx, on, files) : [];
  const attachments = files.flatMap((file) =>
    hung.filter((row) => row.file.unwrap().versionGroup === file.versionGroup),
  );
  return { on, files, attachments, written: new Map(written), errors };
}

/** Where the files hang on the one thing. */
function attachmentsOf(
  { em }: TransactionContext,
  { type: onType, id: onId }: AttachableRef,
  files: readonly Row<File>[],
) {
  return inChunks(
    files.map((file) => file.versionGroup),
    (some) => em.find(Attachment, { onType, onId, file: { versionGroup: { $in: some } } }, { populate: ['file'] }),
  );
}

function toStoredResult({ on, files, errors }: UploadResult, written: ReadonlyMap<Topic, number>): StoredResult {
  return { on, fileIds: files.map((file) => file.id), written: [...written], errors };
}

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
