import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Context, contextOf, type RequestContext } from '../../context.ts';
import type { EntityManager } from '../../database/database.ts';
import { ResumableUpload } from '../../database/entities/index.ts';
import { ConflictError } from '../../errors.ts';
import { refuseMissing } from './find-upload.ts';

/**
 * The lock of an unfinished upload, which one request at a time holds:
 *
 * 1. On one server, a newer request aborts the older one, whose client has usually disconnected,
 *    and waits until that has recorded what it received.
 * 2. Between servers, the row has a lease: the id of its holder, and when it ends. A server that
 *    was killed no longer renews its lease, so that it ends. A server that waits changes when the
 *    lease ends. The holder finds another time than it wrote, and aborts its request as in 1.
 */

/**
 * How long a lease lasts, and how often it is renewed, in milliseconds. Clients retry for some
 * seconds.
 */
const LEASE_MS = 4000;
const RENEW_MS = 1000;
/**
 * How often a server tries to acquire a lease, and for how long, in milliseconds: for a lease that
 * was just renewed, and for its holder to record what it received.
 */
const POLL_MS = 100;
const ACQUIRE_TIMEOUT_MS = LEASE_MS + 1000;

/** A held lock. Disposing of it releases it. */
export interface UploadLock extends AsyncDisposable {
  /** Aborted when another request needs the lock, or when the lease was lost. */
  signal: AbortSignal;
  /** The id in the row while the lock is held. Each write to the row is conditional on it. */
  lease: string;
}

/** A request of this server that holds a lock, or waits for its lease. */
interface Holder {
  abort(): void;
  /** Resolves when the lock is released. */
  released: Promise<void>;
}

const holders = new Map<string, Holder>();

/**
 * Acquires the lock of an upload, after its holder was requested to release it. Throws
 * `NotFoundError`, and `ConflictError` when another server does not release it in time.
 */
export async function acquireUploadLock(request: RequestContext, id: string): Promise<UploadLock> {
  const ctx = contextOf(request);
  for (let holder = holders.get(id); holder; holder = holders.get(id)) {
    holder.abort();
    await holder.released;
  }
  const released = Promise.withResolvers<void>();
  const controller = new AbortController();
  const abort = () => controller.abort();
  holders.set(id, { abort, released: released.promise });
  const release = () => {
    holders.delete(id);
    released.resolve();
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
  const renew = async () => {
    const unchanged = await renewLease(ctx, { id, lease, leasedUntil });
    if (!unchanged) abort();
    // Another server requested the lock. It waits until this request has recorded what it received.
    const renewed = unchanged ?? (await renewLease(ctx, { id, lease }));
    if (!renewed) throw new ConflictError('This upload was taken over by another request.');
    leasedUntil = renewed;
  };
  const renewal = setInterval(() => {
    renewing ??= renew()
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

/**
 * Leases an upload that has expired, so that it can be deleted. False when it has changed since it
 * was read.
 */
export async function lockExpired(
  em: EntityManager,
  { id, isFinished }: Pick<ResumableUpload, 'id' | 'isFinished'>,
  now: Date,
): Promise<boolean> {
  const unchanged = { id, isFinished, expiresAt: { $lte: now }, ...isUnlocked(now) };
  const lease = { lease: randomUUID(), leasedUntil: leaseEnd({ now: () => now }) };
  return (await em.nativeUpdate(ResumableUpload, unchanged, lease)) > 0;
}

/** A condition: no request holds the lock of the upload. */
export const isUnlocked = (now: Date) => ({ $or: [{ leasedUntil: null }, { leasedUntil: { $lt: now } }] });

/** Polls until the lease is acquired, and returns when it ends. */
async function acquireLease(ctx: Context, id: string, lease: string): Promise<Date> {
  const deadline = Date.now() + ACQUIRE_TIMEOUT_MS;
  for (let isRequested = false; ; ) {
    const leasedUntil = leaseEnd(ctx);
    const unlocked = { id, ...isUnlocked(ctx.now()) };
    if ((await ctx.em.nativeUpdate(ResumableUpload, unlocked, { lease, leasedUntil })) > 0) return leasedUntil;
    if (!isRequested) isRequested = await requestRelease(ctx, id);
    if (Date.now() > deadline)
      throw new ConflictError('Another request is working on this upload. Try again in some seconds.');
    await pause(POLL_MS);
  }
}

/**
 * Requests the release of the lock, by changing when the lease of its holder ends. False when the
 * holder changed the lease at the same moment. Throws `NotFoundError`.
 */
async function requestRelease(ctx: Context, id: string): Promise<boolean> {
  const held = await ctx.em.fork().findOne(ResumableUpload, { id }, { connectionType: 'write' });
  if (!held) return refuseMissing(ctx, id);
  const { lease, leasedUntil } = held;
  if (!lease || !leasedUntil) return false;
  const changed = new Date(Math.max(leasedUntil.getTime() + 1, leaseEnd(ctx).getTime()));
  return (await ctx.em.nativeUpdate(ResumableUpload, { id, lease, leasedUntil }, { leasedUntil: changed })) > 0;
}

/** Renews a lease, and returns when it ends now; undefined when the row's lease is not `held`. */
async function renewLease(
  ctx: Context,
  held: { id: string; lease: string; leasedUntil?: Date },
): Promise<Date | undefined> {
  const leasedUntil = leaseEnd(ctx);
  const renewed = await ctx.em.fork().nativeUpdate(ResumableUpload, held, { leasedUntil });
  return renewed > 0 ? leasedUntil : undefined;
}

/** When a lease ends that is acquired or renewed now. */
const leaseEnd = ({ now }: Pick<Context, 'now'>) => new Date(now().getTime() + LEASE_MS);
