import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { ResumableUpload } from '../../database/entities/index.ts';
import type { EntityManager } from '../../database/open.ts';
import { ConflictError, NotFoundError } from '../../errors.ts';

/**
 * One request at a time works on an unfinished upload:
 *
 * 1. On one server, a newer request ends the older one, whose client is gone as a rule, and waits until it has kept what came.
 * 2. Between servers, a lease in the row says who works. A server that was killed puts it off no more, and it ends. One
 *    that waits changes until when it lasts: its holder finds another time than it wrote, and ends its request as in 1.
 */

/** How long a lease lasts unless it is put off, and how often it is. Clients that lost their server try for some seconds. */
const LEASE_MS = 4000;
const RENEW_MS = 1000;
/** How often a server that waits looks, and how long: a lease that was just put off, and some time to keep what came. */
const LOOK_MS = 100;
const PATIENCE_MS = LEASE_MS + 1000;

/** The right to work on an upload, until it is disposed of. */
export interface UploadLock extends AsyncDisposable {
  /** Aborted when somebody else wants to work on it, or does. */
  signal: AbortSignal;
  /** What the row has in it while the turn lasts. */
  lease: string;
}

interface Holder {
  abort(): void;
  done: Promise<void>;
}

const holders = new Map<string, Holder>();

/** Waits for its turn. Throws `ConflictError` when another server works on the upload, and goes on with it. */
export async function acquireUploadLock(ctx: Context, id: string): Promise<UploadLock> {
  for (let holder = holders.get(id); holder; holder = holders.get(id)) {
    holder.abort();
    await holder.done;
  }
  const over = Promise.withResolvers<void>();
  const controller = new AbortController();
  const abort = () => controller.abort();
  holders.set(id, { abort, done: over.promise });
  const release = () => {
    holders.delete(id);
    over.resolve();
  };
  const lease = randomUUID();
  let leasedUntil: Date;
  try {
    leasedUntil = await acquireLease(ctx, id, lease);
  } catch (error) {
    release();
    throw error;
  }
  let renewing: Promise<void> | undefined;
  const putOff = async () => {
    const asWritten = await renewLease(ctx, { id, lease, leasedUntil });
    if (!asWritten) abort();
    // Whoever waits has to go on waiting until what came is kept.
    const renewed = asWritten ?? (await renewLease(ctx, { id, lease }));
    if (!renewed) throw new ConflictError('This upload was taken over by another request.');
    leasedUntil = renewed;
  };
  const renewal = setInterval(() => {
    renewing ??= putOff()
      .catch(abort)
      .finally(() => {
        renewing = undefined;
      });
  }, RENEW_MS);
  return {
    signal: controller.signal,
    lease,
    async [Symbol.asyncDispose]() {
      clearInterval(renewal);
      await renewing;
      try {
        await ctx.em.nativeUpdate(ResumableUpload, { id, lease }, { lease: null, leasedUntil: null });
      } finally {
        release();
      }
    },
  };
}

/** Keeps everybody from working on an upload that has expired as it was read. False when it is no longer as it was. */
export async function lockExpired(
  em: EntityManager,
  { id, isFinished }: Pick<ResumableUpload, 'id' | 'isFinished'>,
  now: Date,
): Promise<boolean> {
  const asRead = { id, isFinished, expiresAt: { $lte: now }, ...isUnlocked(now) };
  const lease = { lease: randomUUID(), leasedUntil: until({ now: () => now }) };
  return (await em.nativeUpdate(ResumableUpload, asRead, lease)) > 0;
}

/** A condition: nobody works on the upload. */
export const isUnlocked = (now: Date) => ({ $or: [{ leasedUntil: null }, { leasedUntil: { $lt: now } }] });

async function acquireLease(ctx: Context, id: string, lease: string): Promise<Date> {
  const patience = Date.now() + PATIENCE_MS;
  for (let hasAsked = false; ; ) {
    const leasedUntil = until(ctx);
    const free = { id, ...isUnlocked(ctx.now()) };
    if ((await ctx.em.nativeUpdate(ResumableUpload, free, { lease, leasedUntil })) > 0) return leasedUntil;
    if (!hasAsked) hasAsked = await requestRelease(ctx, id);
    if (Date.now() > patience)
      throw new ConflictError('Another request is working on this upload. Try again in some seconds.');
    await pause(LOOK_MS);
  }
}

/** Lets the holder know that another waits. False when it changed the lease at the same moment. */
async function requestRelease(ctx: Context, id: string): Promise<boolean> {
  const held = await ctx.em.fork().findOne(ResumableUpload, { id }, { connectionType: 'write' });
  if (!held) throw new NotFoundError([`/uploads/${id}`]);
  const { lease, leasedUntil } = held;
  if (!lease || !leasedUntil) return false;
  const other = new Date(Math.max(leasedUntil.getTime() + 1, until(ctx).getTime()));
  return (await ctx.em.nativeUpdate(ResumableUpload, { id, lease, leasedUntil }, { leasedUntil: other })) > 0;
}

/** Puts off the end of a lease, and answers the new one; undefined when the lease is not as it was held. */
async function renewLease(
  ctx: Context,
  held: { id: string; lease: string; leasedUntil?: Date },
): Promise<Date | undefined> {
  const leasedUntil = until(ctx);
  const renewed = await ctx.em.fork().nativeUpdate(ResumableUpload, held, { leasedUntil });
  return renewed > 0 ? leasedUntil : undefined;
}

const until = ({ now }: Pick<Context, 'now'>) => new Date(now().getTime() + LEASE_MS);
