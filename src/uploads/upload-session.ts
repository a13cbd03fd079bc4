import { randomUUID } from 'node:crypto';
import { emitAdded, type StoredFile } from '../attachments/emit-file-events.ts';
import { assertWriteScope } from '../auth/require-scope.ts';
import type { Context, RequestContext } from '../context.ts';
import { Attachment, File, PendingAnnouncement, UploadSession, User } from '../database/entities/index.ts';
import { countRows } from '../database/rows.ts';
import { forUpdate, lockRows } from '../database/sql.ts';
import { BadUserInputError, NotFoundError, RateLimitedError } from '../errors.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { findVisibleFiles } from '../files/load-files.ts';
import { emitPending, emitPendingOf, findPending } from './pending-announcements.ts';

/**
 * Upload sessions: the events of uploads with the same session token are emitted together. A
 * session opens with the first use of its token, and ends when it is finished or has been idle for
 * `sessionIdleMs`. Pending announcements are rows, so that they survive a restart.
 */

/**
 * How many sessions a user may have open, and how many announcements may be pending in all of them.
 */
const MAX_SESSIONS = 200;
const MAX_PENDING = 5000;

/**
 * Opens a session, with a new token unless one is given. Throws `BadUserInputError`,
 * `RateLimitedError`, and `ForbiddenError` for a read-only key.
 */
export async function startUploadSession(ctx: RequestContext, token: string = randomUUID()): Promise<UploadSession> {
  assertWriteScope(ctx.viewer);
  assertSessionToken(token);
  return inTransaction(ctx, (tx) => openSession(tx, token));
}

/** Throws `BadUserInputError` for a token of the wrong length. */
export function assertSessionToken(token: string): void {
  if (token.length < 1 || token.length > 200) throw new BadUserInputError('A session token has 1 to 200 characters.');
}

/**
 * The viewer's session of this token, which is opened if it does not exist. Its idle time starts
 * again, and its row is locked, so that it cannot end before the transaction. Throws
 * `RateLimitedError` when the viewer has too many.
 */
async function openSession(tx: TransactionContext, token: string): Promise<UploadSession> {
  const user = tx.em.getReference(User, tx.viewer.userId);
  const now = tx.now();
  // Concurrent requests of one user are counted one after the other.
  await lockRows(tx.em, 'users', [tx.viewer.userId], 'no key update');
  const session = await tx.em.upsert(
    UploadSession,
    { token, user, openedAt: now, usedAt: now },
    { onConflictFields: ['user', 'token'], onConflictMergeFields: ['usedAt'] },
  );
  const open = await countRows(tx.em, 'upload_sessions s where s.user_id = ?', [tx.viewer.userId]);
  if (open > MAX_SESSIONS)
    throw new RateLimitedError(`You have ${MAX_SESSIONS} open upload sessions. Finish some first.`, retryAfterOf(tx));
  return session;
}

/**
 * Throws `RateLimitedError` when `added` more pending announcements of the viewer would exceed the
 * limit.
 */
async function assertPendingLimit(tx: TransactionContext, added: number): Promise<void> {
  const pending = `select 1 from pending_announcements p join upload_sessions s on s.id = p.session_id where s.user_id = ?`;
  const count = await countRows(tx.em, `(${pending} limit ${MAX_PENDING + 1}) waiting`, [tx.viewer.userId]);
  if (count + added > MAX_PENDING)
    throw new RateLimitedError(
      `${MAX_PENDING} of your files wait for the end of their upload sessions. Finish these first.`,
      retryAfterOf(tx),
    );
}

/** In seconds: by then, idle sessions have ended. */
const retryAfterOf = ({ limits }: TransactionContext): number => Math.ceil(limits.sessionIdleMs / 1000);

/**
 * Emits that files or versions were added: at once, or with `sessionToken` when that session is
 * finished. Pending announcements of an earlier version are emitted before a later one. Throws
 * `RateLimitedError` when the viewer has too many open sessions, or too many pending announcements.
 */
export async function announce(
  tx: TransactionContext,
  stored: readonly StoredFile[],
  sessionToken: string | undefined,
): Promise<void> {
  if (sessionToken) return deferAnnouncement(tx, sessionToken, stored);
  await emitPendingOf(
    tx,
    stored.flatMap(({ attachments, previous }) => (previous ? attachments : [])),
  );
  for (const { file, attachments, previous } of stored) {
    const primary = attachments.find((row) => row.isPrimary);
    for (const attachment of attachments)
      emitAdded(tx, { attachment, primary }, { id: previous?.id ?? null, file: previous }, file);
  }
}

/** Stores the announcements until the end of the session. */
async function deferAnnouncement(tx: TransactionContext, token: string, stored: readonly StoredFile[]): Promise<void> {
  const session = await openSession(tx, token);
  await assertPendingLimit(
    tx,
    stored.reduce((sum, { attachments }) => sum + attachments.length, 0),
  );
  for (const { file, attachments, previous } of stored) {
    for (const attachment of attachments) {
      tx.em.create(PendingAnnouncement, {
        session,
        attachment: tx.em.getReference(Attachment, attachment.id),
        file: tx.em.getReference(File, file.id),
        previousFileId: previous?.id ?? null,
      });
    }
  }
}

/**
 * Emits the pending announcements of the viewer's session, and ends it. Returns the announced
 * attachments that the viewer may see. Throws `NotFoundError`, `ForbiddenError`.
 */
export async function finishUploadSession(ctx: RequestContext, token: string): Promise<Attachment[]> {
  assertWriteScope(ctx.viewer);
  const finishOwn = async (tx: TransactionContext) => {
    const session = await tx.em.findOne(UploadSession, { user: ctx.viewer.userId, token }, forUpdate);
    if (!session) throw new NotFoundError([`the upload session ${token}`]);
    const announced = await finish(tx, session);
    // The viewer may have lost access to files since they were uploaded: these are announced, and
    // not returned.
    const visible = await findVisibleFiles(
      tx,
      announced.map((row) => row.file.id),
    );
    return announced.filter((row) => visible.has(row.file.id));
  };
  return inTransaction(ctx, finishOwn, { onFullDisk: true });
}

/**
 * Finishes at most 100 sessions that have been idle for `sessionIdleMs`, the oldest first. One that
 * fails is logged and left for the next call. Returns how many were idle.
 */
export async function finishIdleSessions(ctx: Context): Promise<number> {
  const idleSince = new Date(ctx.now().getTime() - ctx.limits.sessionIdleMs);
  const isIdle = { usedAt: { $lte: idleSince } };
  const idle = await ctx.em.find(UploadSession, isIdle, { orderBy: { id: 'asc' }, limit: 100 });
  for (const { id } of idle) {
    await inTransaction(ctx, async (tx) => {
      const session = await tx.em.findOne(UploadSession, { id, ...isIdle }, forUpdate);
      if (session) await finish(tx, session);
    }).catch((err) => ctx.log.error({ err, session: id }, 'an idle upload session could not be finished'));
  }
  return idle.length;
}

/**
 * Emits the pending announcements of a locked session, and deletes it: a concurrent request finds
 * no row.
 */
async function finish(tx: TransactionContext, session: UploadSession): Promise<Attachment[]> {
  const pending = await findPending(tx, { session: session.id });
  await emitPending(tx, pending);
  await tx.em.nativeDelete(UploadSession, { id: session.id });
  return [...new Set(pending.map((row) => row.attachment.unwrap()))];
}
