import { randomUUID } from 'node:crypto';
import { type Stored, tellAdded } from '../attachments/emit-file-events.ts';
import { homesOf } from '../attachments/primary-attachment.ts';
import { mustWrite } from '../auth/require-scope.ts';
import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { Attachment, File, PendingAnnouncement, UploadSession, User } from '../database/entities/index.ts';
import { countRows } from '../database/rows.ts';
import { type FilterQuery, forUpdate, lockRows } from '../database/sql.ts';
import { BadInput, Busy, NotFound } from '../errors.ts';
import { changing, type Inside } from '../events/in-transaction.ts';
import { findFiles } from '../files/load-files.ts';

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

/** Opens a session, with a token of our making unless one is given. Throws `Forbidden` for a key that may only read. */
export async function startSession(ctx: Context, token: string = randomUUID()): Promise<UploadSession> {
  mustWrite(ctx.viewer);
  mustBeToken(token);
  return changing(ctx, (inside) => useSession(inside, token));
}

export function mustBeToken(token: string): void {
  if (token.length < 1 || token.length > 200) throw new BadInput('A session token has 1 to 200 characters.');
}

/**
 * The viewer's session of this token, opened if need be; it begins to idle anew. It cannot end
 * before the change does. Throws `Busy` when the viewer has too many.
 */
async function useSession(inside: Inside, token: string): Promise<UploadSession> {
  const user = inside.em.getReference(User, inside.viewer.userId);
  const now = inside.now();
  // Several requests of one user at once are counted one after the other.
  await lockRows(inside.em, 'users', [inside.viewer.userId], 'no key update');
  const session = await inside.em.upsert(
    UploadSession,
    { token, user, openedAt: now, usedAt: now },
    { onConflictFields: ['user', 'token'], onConflictMergeFields: ['usedAt'] },
  );
  const open = await countRows(inside.em, 'upload_sessions s where s.user_id = ?', [inside.viewer.userId]);
  if (open > MAX_SESSIONS)
    throw new Busy(`You have ${MAX_SESSIONS} open upload sessions. Finish some first.`, retryAfterOf(inside));
  return session;
}

/** Throws `Busy` when more files of the viewer would wait to be announced than may. */
async function mustWaitFew(inside: Inside, more: number): Promise<void> {
  const all = `select 1 from pending_announcements p join upload_sessions s on s.id = p.session_id where s.user_id = ?`;
  const waiting = await countRows(inside.em, `(${all} limit ${MAX_PENDING + 1}) waiting`, [inside.viewer.userId]);
  if (waiting + more > MAX_PENDING)
    throw new Busy(
      `${MAX_PENDING} of your files wait for the end of their upload sessions. Finish these first.`,
      retryAfterOf(inside),
    );
}

/** After so many seconds idle sessions have ended by themselves. */
const retryAfterOf = ({ limits }: Inside): number => Math.ceil(limits.sessionIdleMs / 1000);

/** Keeps the announcements for the end of the session. */
export async function announceLater(inside: Inside, token: string, stored: readonly Stored[]): Promise<void> {
  const session = await useSession(inside, token);
  await mustWaitFew(
    inside,
    stored.reduce((sum, { attachments }) => sum + attachments.length, 0),
  );
  for (const { file, attachments, previous } of stored) {
    for (const attachment of attachments) {
      inside.em.create(PendingAnnouncement, {
        session,
        attachment: inside.em.getReference(Attachment, attachment.id),
        file: inside.em.getReference(File, file.id),
        previousFileId: previous?.id ?? null,
      });
    }
  }
}

/** What waits for the end of a session, of these attachments, in the order in which it came. */
export async function pendingAmong(
  inside: Inside,
  attachments: readonly Pick<Attachment, 'id'>[],
): Promise<PendingAnnouncement[]> {
  const ids = attachments.map((attachment) => attachment.id);
  const pending = await inChunks(ids, (some) => findPending(inside, { attachment: { $in: some } }));
  return pending.sort((a, b) => a.id - b.id);
}

/** Announces what waits of these attachments in a session: something that follows it is announced now. */
export async function announcePending(inside: Inside, attachments: readonly Pick<Attachment, 'id'>[]): Promise<void> {
  const pending = await pendingAmong(inside, attachments);
  if (pending.length === 0) return;
  await tellPending(inside, pending);
  await inChunks(
    pending.map((row) => row.id),
    (some) => inside.em.nativeDelete(PendingAnnouncement, { id: { $in: some } }),
  );
}

function findPending({ em }: Inside, where: FilterQuery<PendingAnnouncement>): Promise<PendingAnnouncement[]> {
  return em.find(PendingAnnouncement, where, {
    orderBy: { id: 'asc' },
    populate: ['attachment.file', 'file', 'session'],
  });
}

async function tellPending(inside: Inside, pending: readonly PendingAnnouncement[]): Promise<void> {
  const before = await inChunks(
    pending.flatMap((row) => row.previousFileId ?? []),
    (some) => inside.em.find(File, { id: { $in: some } }),
  );
  const homes = await homesOf(
    inside,
    pending.map((row) => row.attachment.unwrap().file.id),
  );
  for (const row of pending) {
    const attachment = row.attachment.unwrap();
    const newest = attachment.file.unwrap();
    const file = row.file?.unwrap() ?? newest;
    const { token: session } = row.session.unwrap();
    const where = { attachment, home: homes.get(newest.id), actorId: file.createdBy.id, session };
    const previous = before.find(({ id }) => id === row.previousFileId);
    tellAdded(inside, where, { id: row.previousFileId ?? null, file: previous }, file);
  }
}

/** Announces what waits in the viewer's session and ends it; answers what was announced, as far as the viewer may see it. Throws `NotFound`, `Forbidden`. */
export async function finishSession(ctx: Context, token: string): Promise<Attachment[]> {
  mustWrite(ctx.viewer);
  return changing(ctx, async (inside) => {
    const session = await inside.em.findOne(UploadSession, { user: ctx.viewer.userId, token }, forUpdate);
    if (!session) throw new NotFound([`the upload session ${token}`]);
    const announced = await finish(inside, session);
    // What was uploaded may meanwhile be on what the viewer may not see any more: it is announced, and not answered.
    const seen = await findFiles(
      inside,
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
    await changing(ctx, async (inside) => {
      const session = await inside.em.findOne(UploadSession, { id, ...isIdle }, forUpdate);
      if (session) await finish(inside, session);
    }).catch((err) => ctx.log.error({ err, session: id }, 'an idle upload session could not be finished'));
  }
  return idle.length;
}

/** Of two who finish a session at once, one announces: the session is locked, and gone for the second. */
async function finish(inside: Inside, session: UploadSession): Promise<Attachment[]> {
  const pending = await findPending(inside, { session: session.id });
  await tellPending(inside, pending);
  await inside.em.nativeDelete(UploadSession, { id: session.id });
  return [...new Set(pending.map((row) => row.attachment.unwrap()))];
}
