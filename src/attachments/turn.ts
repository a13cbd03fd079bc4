import { randomUUID } from 'node:crypto';
import type { Context } from '../context.ts';
import { UnfinishedUpload } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { Conflict } from '../errors.ts';

/**
 * One request at a time works on an unfinished upload:
 *
 * 1. On one server, a newer request ends the older one, whose client is gone as a rule, and waits until it has kept what came.
 * 2. Between servers, a lease in the row says who works. A server that was killed puts it off no more, and it ends.
 */

/** How long a lease lasts unless it is put off, and how often it is. Clients that lost their server try for some seconds. */
const LEASE_MS = 4000;
const RENEW_MS = 1000;

/** The right to work on an upload, until it is disposed of. */
export interface Turn extends AsyncDisposable {
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

/** Waits for its turn. Throws `Conflict` when another server works on the upload. */
export async function takeTurn(ctx: Context, id: string): Promise<Turn> {
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
  try {
    await acquire(ctx, id, lease);
  } catch (error) {
    release();
    throw error;
  }
  const renewal = setInterval(() => void renew(ctx, id, lease).catch(abort), RENEW_MS);
  return {
    signal: controller.signal,
    lease,
    async [Symbol.asyncDispose]() {
      clearInterval(renewal);
      try {
        await ctx.em.nativeUpdate(UnfinishedUpload, { id, lease }, { lease: null, leasedUntil: null });
      } finally {
        release();
      }
    },
  };
}

/** Keeps everybody from working on an upload that has expired as it was read. False when it is no longer as it was. */
export async function seize(
  em: EntityManager,
  { id, isFinished }: Pick<UnfinishedUpload, 'id' | 'isFinished'>,
  now: Date,
): Promise<boolean> {
  const asRead = { id, isFinished, expiresAt: { $lte: now }, ...isFree(now) };
  const lease = { lease: randomUUID(), leasedUntil: until({ now: () => now }) };
  return (await em.nativeUpdate(UnfinishedUpload, asRead, lease)) > 0;
}

/** A condition: nobody works on the upload. */
export const isFree = (now: Date) => ({ $or: [{ leasedUntil: null }, { leasedUntil: { $lt: now } }] });

async function acquire(ctx: Context, id: string, lease: string): Promise<void> {
  const free = { id, ...isFree(ctx.now()) };
  const taken = await ctx.em.nativeUpdate(UnfinishedUpload, free, { lease, leasedUntil: until(ctx) });
  if (taken === 0) throw new Conflict('Another request is working on this upload. Try again in some seconds.');
}

async function renew(ctx: Context, id: string, lease: string): Promise<void> {
  const renewed = await ctx.em.fork().nativeUpdate(UnfinishedUpload, { id, lease }, { leasedUntil: until(ctx) });
  if (renewed === 0) throw new Conflict('This upload was taken over by another request.');
}

const until = ({ now }: Pick<Context, 'now'>) => new Date(now().getTime() + LEASE_MS);
