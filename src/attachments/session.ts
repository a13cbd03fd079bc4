import { randomUUID } from 'node:crypto';
import { mustWrite } from '../auth/ask.ts';
import type { Context } from '../context.ts';
import { type Attachment, File, PendingAnnouncement, UploadSession, User } from '../database/entities/index.ts';
import { forUpdate } from '../database/query.ts';
import { BadInput, NotFound } from '../errors.ts';
import { changing, type Inside } from '../events/changing.ts';
import { snapshotOf } from '../events/event.ts';
import { type Stored, tellAdded } from './announce.ts';
import { homesOf } from './home.ts';

/**
 * Uploads that are announced together. A session opens with the first use of its token, and ends when it is finished
 * or has been idle for its limit; what waits in it is in the database, so a restart forgets nothing.
 */

/** Opens a session, with a token of our making unless one is given. Throws `Forbidden` for a key that may only read. */
export async function startSession(ctx: Context, token: string = randomUUID()): Promise<UploadSession> {
  mustWrite(ctx.viewer);
  mustBeToken(token);
  return changing(ctx, (inside) => useSession(inside, token));
}

export function mustBeToken(token: string): void {
  if (token.length < 1 || token.length > 200) throw new BadInput('A session token has 1 to 200 characters.');
}

/** The viewer's session of this token, opened if need be; it begins to idle anew. It cannot end before the change does. */
function useSession(inside: Inside, token: string): Promise<UploadSession> {
  const user = inside.em.getReference(User, inside.viewer.userId);
  const now = inside.now();
  return inside.em.upsert(
    UploadSession,
    { token, user, openedAt: now, usedAt: now },
    { onConflictFields: ['user', 'token'], onConflictMergeFields: ['usedAt'] },
  );
}

/** Keeps the announcements for the end of the session. What waits already is announced once, as it is then. */
export async function announceLater(inside: Inside, token: string, stored: readonly Stored[]): Promise<void> {
  const session = await useSession(inside, token);
  const waiting = await pendingAmong(
    inside,
    stored.flatMap(({ attachments }) => attachments),
  );
  for (const { attachments, previous } of stored) {
    for (const attachment of attachments) {
      if (waiting.has(attachment.id)) continue;
      waiting.set(attachment.id, previous?.id ?? null);
      inside.em.create(PendingAnnouncement, { session, attachment, previousFileId: previous?.id ?? null });
    }
  }
}

/**
 * Those attachments, by their numbers, of which something waits in a session; with the version that was last told of,
 * null when none was.
 */
export async function pendingAmong(
  inside: Inside,
  attachments: readonly Attachment[],
): Promise<Map<number, number | null>> {
  const ids = attachments.map((attachment) => attachment.id);
  if (ids.length === 0) return new Map();
  const rows = await inside.em.find(PendingAnnouncement, { attachment: { $in: ids } }, { disableIdentityMap: true });
  return new Map(rows.map((row) => [row.attachment.id, row.previousFileId ?? null]));
}

/** Drops what waits for a session, because it is announced now; answers what `pendingAmong` does. */
export async function takePending(
  inside: Inside,
  attachments: readonly Attachment[],
): Promise<Map<number, number | null>> {
  const waiting = await pendingAmong(inside, attachments);
  if (waiting.size > 0) await inside.em.nativeDelete(PendingAnnouncement, { attachment: { $in: [...waiting.keys()] } });
  return waiting;
}

/** Announces what waits in the viewer's session and ends it; answers what was announced. Throws `NotFound`, `Forbidden`. */
export async function finishSession(ctx: Context, token: string): Promise<Attachment[]> {
  mustWrite(ctx.viewer);
  return changing(ctx, async (inside) => {
    const session = await inside.em.findOne(UploadSession, { user: ctx.viewer.userId, token }, forUpdate);
    if (!session) throw new NotFound([`the upload session ${token}`]);
    return finish(inside, session);
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
    });
  }
  return idle.length;
}

/** Of two who finish a session at once, one announces: the session is locked, and gone for the second. */
async function finish(inside: Inside, session: UploadSession): Promise<Attachment[]> {
  const { em } = inside;
  const pending = await em.find(
    PendingAnnouncement,
    { session: session.id },
    { orderBy: { id: 'asc' }, populate: ['attachment.file'] },
  );
  const before = await em.find(File, { id: { $in: pending.flatMap((row) => row.previousFileId ?? []) } });
  const homes = await homesOf(
    inside,
    pending.map((row) => row.attachment.unwrap().file.id),
  );
  for (const { attachment: ref, previousFileId } of pending) {
    const attachment = ref.unwrap();
    const after = snapshotOf(attachment.file.unwrap());
    const home = homes.get(after.id);
    const told = { attachment, home, actorId: after.createdBy, session: session.token };
    tellAdded(inside, told, { previousFileId: previousFileId ?? null, known: before }, after);
  }
  await em.nativeDelete(UploadSession, { id: session.id });
  return pending.map((row) => row.attachment.unwrap());
}
