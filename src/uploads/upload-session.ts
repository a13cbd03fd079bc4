import { randomUUID } from 'node:crypto';
import { emitAdded, type StoredFile } from '../attachments/emit-file-events.ts';
import { primaryAttachmentsOf } from '../attachments/primary-attachment.ts';
import { assertWriteScope } from '../auth/require-scope.ts';
import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { Attachment, File, PendingAnnouncement, UploadSession, User } from '../database/entities/index.ts';
import { countRows } from '../database/rows.ts';
import { type FilterQuery, forUpdate, lockRows } from '../database/sql.ts';
import { BadUserInputError, NotFoundError, RateLimitedError } from '../errors.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { findVisibleFiles } from '../files/load-files.ts';

/**
 * Uploads that are announced together. A session opens with the first use of its token, and ends when it is finished
 * or has been idle for its limit; what waits in it is in the database, so a restart forgets nothing.
 */

/**
 * Sessions that a user may have open at once, and files that may wait in all of them to be
 * announced.
 */
const MAX_SESSIONS = 200;
const MAX_PENDING = 5000;

/** Opens a session, with a token of our making unless one is given. Throws `ForbiddenError` for a key that may only read. */
export async function startUploadSession(ctx: Context, token: string = randomUUID()): Promise<UploadSession> {
  assertWriteScope(ctx.viewer);
  assertSessionToken(token);
  return inTransaction(ctx, (tx) => openSession(tx, token));
}

export function assertSessionToken(token: string): void {
  if (token.length < 1 || token.length > 200) throw new BadUserInputError('A session token has 1 to 200 characters.');
}

/**
 * The viewer's session of this token, opened if need be; it begins to idle anew. It cannot end
 * before the change does. Throws `RateLimitedError` when the viewer has too many.
 */
async function openSession(tx: TransactionContext, token: string): Promise<UploadSession> {
  const user = tx.em.getReference(User, tx.viewer.userId);
  const now = tx.now();
  // Several requests of one user at once are counted one after the other.
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

/** Throws `RateLimitedError` when more files of the viewer would wait to be announced than may. */
async function assertPendingLimit(tx: TransactionContext, more: number): Promise<void> {
  const all = `select 1 from pending_announcements p join upload_sessions s on s.id = p.session_id where s.user_id = ?`;
  const waiting = await countRows(tx.em, `(${all} limit ${MAX_PENDING + 1}) waiting`, [tx.viewer.userId]);
  if (waiting + more > MAX_PENDING)
    throw new RateLimitedError(
      `${MAX_PENDING} of your files wait for the end of their upload sessions. Finish these first.`,
      retryAfterOf(tx),
    );
}

/** After so many seconds idle sessions have ended by themselves. */
const retryAfterOf = ({ limits }: TransactionContext): number => Math.ceil(limits.sessionIdleMs / 1000);

/**
 * Emits that files were added, or got their next versions: at once, or with `sessionToken` when that session is
 * finished. What waits in a session for an earlier version is emitted before a later one. Throws
 * `RateLimitedError` when the viewer has too many open sessions, or too many files waiting in them.
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

/** Keeps the announcements for the end of the session. */
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

/** What waits for the end of a session, of these attachments, in the order in which it came. */
export async function pendingAnnouncementsOf(
  tx: TransactionContext,
  attachments: readonly Pick<Attachment, 'id'>[],
): Promise<PendingAnnouncement[]> {
  const ids = attachments.map((attachment) => attachment.id);
  const pending = await inChunks(ids, (some) => findPending(tx, { attachment: { $in: some } }));
  return pending.sort((a, b) => a.id - b.id);
}

/** Announces what waits of these attachments in a session: something that follows it is announced now. */
export async function emitPendingOf(
  tx: TransactionContext,
  attachments: readonly Pick<Attachment, 'id'>[],
): Promise<void> {
  const pending = await pendingAnnouncementsOf(tx, attachments);
  if (pending.length === 0) return;
  await emitPending(tx, pending);
  await inChunks(
    pending.map((row) => row.id),
    (some) => tx.em.nativeDelete(PendingAnnouncement, { id: { $in: some } }),
  );
}

function findPending(
  { em }: TransactionContext,
  where: FilterQuery<PendingAnnouncement>,
): Promise<PendingAnnouncement[]> {
  return em.find(PendingAnnouncement, where, {
    orderBy: { id: 'asc' },
    populate: ['attachment.file', 'file', 'session'],
  });
}

async function emitPending(tx: TransactionContext, pending: readonly PendingAnnouncement[]): Promise<void> {
  const before = await inChunks(
    pending.flatMap((row) => row.previousFileId ?? []),
    (some) => tx.em.find(File, { id: { $in: some } }),
  );
  const primaries = await primaryAttachmentsOf(
    tx,
    pending.map((row) => row.attachment.unwrap().file.id),
  );
  for (const row of pending) {
    const attachment = row.attachment.unwrap();
    const newest = attachment.file.unwrap();
    const file = row.file?.unwrap() ?? newest;
    const { token: session } = row.session.unwrap();
    const where = { attachment, primary: primaries.get(newest.id), actorId: file.createdBy.id, session };
    const previous = before.find(({ id }) => id === row.previousFileId);
    emitAdded(tx, where, { id: row.previousFileId ?? null, file: previous }, file);
  }
}

/** Announces what waits in the viewer's session and ends it; answers what was announced, as far as the viewer may see it. Throws `NotFoundError`, `ForbiddenError`. */
export async function finishUploadSession(ctx: Context, token: string): Promise<Attachment[]> {
  assertWriteScope(ctx.viewer);
  return inTransaction(ctx, async (tx) => {
    const session = await tx.em.findOne(UploadSession, { user: ctx.viewer.userId, token }, forUpdate);
    if (!session) throw new NotFoundError([`the upload session ${token}`]);
    const announced = await finish(tx, session);
    // What was uploaded may meanwhile be on what the viewer may not see any more: it is announced, and not answered.
    const seen = await findVisibleFiles(
      tx,
      announced.map((row) => row.file.id),
    );
    return announced.filter((row) => seen.has(row.file.id));
  });
}

/** Finishes every session that has been idle for its limit. Answers how many. */
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

/** Of two who finish a session at once, one announces: the session is locked, and gone for the second. */
async function finish(tx: TransactionContext, session: UploadSession): Promise<Attachment[]> {
  const pending = await findPending(tx, { session: session.id });
  await emitPending(tx, pending);
  await tx.em.nativeDelete(UploadSession, { id: session.id });
  return [...new Set(pending.map((row) => row.attachment.unwrap()))];
}
