import { randomUUID } from 'node:crypto';
import { mustWrite } from '../auth/ask.ts';
import type { Context } from '../context.ts';
import { type Attachment, PendingAnnouncement, UploadSession, User } from '../database/entities/index.ts';
import { BadInput, NotFound } from '../errors.ts';
import { announce } from './announce.ts';

/**
 * Uploads that are announced together. A session opens with the first use of its token, and ends when it is finished
 * or has been idle for its limit; what waits in it is in the database, so a restart forgets nothing.
 */

/** Opens a session, with a token of our making unless one is given. Throws `Forbidden` for a key that may only read. */
export async function startSession(ctx: Context, token: string = randomUUID()): Promise<UploadSession> {
  mustWrite(ctx.viewer);
  mustBeToken(token);
  return ctx.em.transactional((em) => useSession({ ...ctx, em }, token));
}

export function mustBeToken(token: string): void {
  if (token.length < 1 || token.length > 200) throw new BadInput('A session token has 1 to 200 characters.');
}

/** The viewer's session of this token, opened if need be; it begins to idle anew. Inside the caller's transaction. */
export async function useSession(ctx: Context, token: string): Promise<UploadSession> {
  const user = ctx.em.getReference(User, ctx.viewer.userId);
  const now = ctx.now();
  const open = await ctx.em.findOne(UploadSession, { user, token });
  const session = open ?? ctx.em.create(UploadSession, { token, user, openedAt: now, usedAt: now });
  session.usedAt = now;
  return session;
}

/** Keeps the announcements for the end of the session. Inside the transaction that attaches. */
export function announceLater(ctx: Context, session: UploadSession, attachments: readonly Attachment[]): void {
  for (const attachment of attachments) ctx.em.create(PendingAnnouncement, { session, attachment });
}

/** Drops what waits for a session, because it is announced now. Inside the transaction that attaches. */
export async function forgetAnnouncements(ctx: Context, attachments: readonly Attachment[]): Promise<void> {
  const known = attachments.flatMap((attachment) => attachment.id ?? []);
  if (known.length > 0) await ctx.em.nativeDelete(PendingAnnouncement, { attachment: { $in: known } });
}

/** Announces what waits in the viewer's session and ends it; answers what was announced. Throws `NotFound`, `Forbidden`. */
export async function finishSession(ctx: Context, token: string): Promise<Attachment[]> {
  mustWrite(ctx.viewer);
  const session = await ctx.em.findOne(UploadSession, { user: ctx.viewer.userId, token });
  if (!session) throw new NotFound([`the upload session ${token}`]);
  return finish(ctx, session);
}

/** Finishes every session that has been idle for its limit. Answers how many. */
export async function finishIdleSessions(ctx: Omit<Context, 'viewer'>): Promise<number> {
  const idleSince = new Date(ctx.now().getTime() - ctx.limits.sessionIdleMs);
  const idle = await ctx.em.find(
    UploadSession,
    { usedAt: { $lte: idleSince } },
    { orderBy: { id: 'asc' }, limit: 100 },
  );
  for (const session of idle) await finish(ctx, session, idleSince);
  return idle.length;
}

/** Of two who finish a session at once, one announces: the row can be taken away only once. */
async function finish(ctx: Omit<Context, 'viewer'>, session: UploadSession, idleSince?: Date): Promise<Attachment[]> {
  const attachments = await ctx.em.transactional(async (em) => {
    const pending = await em.find(
      PendingAnnouncement,
      { session: session.id },
      { orderBy: { id: 'asc' }, populate: ['attachment.file'] },
    );
    const taken = await em.nativeDelete(UploadSession, {
      id: session.id,
      ...(idleSince ? { usedAt: { $lte: idleSince } } : {}),
    });
    // One that got several versions meanwhile is told once, in its newest.
    return taken === 0 ? [] : [...new Set(pending.map((row) => row.attachment.unwrap()))];
  });
  announce(ctx, attachments);
  return attachments;
}
