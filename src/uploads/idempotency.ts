import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type AttachableRef, Attachment, type File, IdempotencyKey, User } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import type { Row } from '../database/rows.ts';
import { BadInput, Conflict, type ErrorCode } from '../errors.ts';
import { changing, type Inside } from '../events/in-transaction.ts';
import type { Topic } from '../events/topic.ts';
import { findFiles } from '../files/load-files.ts';
import { reachOne } from '../workspace/attachable.ts';
import type { ReceivedFile } from './receive.ts';

/**
 * What is done once. A client that did not hear the answer asks again with the same key of its own making, and is given
 * the first answer. The key is written in the transaction of the change: neither is there without the other.
 */

/** What a client asked, and the key under which it may ask again. */
export interface Once {
  /** 1 to 255 characters. Each user has keys of its own. */
  key: string;
  /** All that was asked, as JSON takes it; a key stands for one thing. */
  asked: unknown;
  /** The files that came with it. */
  received: readonly ReceivedFile[];
}

/** Why one file of several was not kept. */
export interface Refusal {
  /** Its place among the files that were given, from 0. */
  index: number;
  filename: string;
  message: string;
  code: ErrorCode;
}

/** What is remembered of an answer. */
export interface Outcome {
  on?: AttachableRef | undefined;
  files: Row<File>[];
  /** Where they hang, on `on`. */
  attachments: Row<Attachment>[];
  /** The last number of each topic that tells of them. */
  written?: ReadonlyMap<Topic, number> | undefined;
  errors: Refusal[];
}

interface Kept {
  on?: AttachableRef | undefined;
  fileIds: number[];
  written: [Topic, number][];
  errors: Refusal[];
}

/**
 * Does the work in one change, unless it was done under the same key: then it answers what was answered, as far as it
 * is still there for the viewer. Of two at once, the second waits for the first. What fails as a whole leaves no key.
 * Throws `BadInput` for a key that is none, `Conflict` for one that stood for something else, or whose files are gone.
 */
export async function once<Result extends Outcome>(
  ctx: Context,
  { key, asked, received }: Once,
  work: (inside: Inside) => Promise<Result>,
): Promise<Result | Outcome> {
  if (key.length < 1 || key.length > 255) throw new BadInput('An idempotency key has 1 to 255 characters.');
  const fingerprint = fingerprintOf(asked, received);
  // Renamed and synced before the transaction, which others wait for.
  if (!(await find(ctx, key))) await Promise.all(received.map((file) => file.commit()));
  return changing(ctx, async (inside) => {
    const known = await find(inside, key);
    if (known) return recall(inside, known, fingerprint);
    const result = await work(inside);
    await inside.write();
    const made = inside.em.create(IdempotencyKey, {
      user: inside.em.getReference(User, inside.viewer.userId),
      key,
      fingerprint,
      answer: JSON.stringify(keptOf(result, inside.written)),
      createdAt: inside.now(),
    });
    await inside.em.flush();
    if (made.id % FORGET_EVERY === 0) await forgetOldest(inside);
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

async function forgetOldest({ em, viewer }: Inside): Promise<void> {
  const [last]: { id: number }[] = await em.execute(
    `select id from idempotency_keys where user_id = ? order by id desc limit 1 offset ${MAX_KEYS}`,
    [viewer.userId],
  );
  if (last) await em.nativeDelete(IdempotencyKey, { user: viewer.userId, id: { $lte: last.id } });
}

/** Forgets keys that are older than they are remembered. */
export async function forgetKeys(em: EntityManager, before: Date): Promise<void> {
  await em.nativeDelete(IdempotencyKey, { createdAt: { $lt: before } });
}

async function find({ em, viewer, limits, now }: Context, key: string): Promise<IdempotencyKey | undefined> {
  const known = await em.findOne(IdempotencyKey, { user: viewer.userId, key });
  if (!known) return undefined;
  if (known.createdAt.getTime() >= now().getTime() - limits.idempotencyMs) return known;
  await em.nativeDelete(IdempotencyKey, { id: known.id });
  return undefined;
}

async function recall(inside: Inside, known: IdempotencyKey, fingerprint: string): Promise<Outcome> {
  if (known.fingerprint !== fingerprint) {
    throw new Conflict('This idempotency key was used for something else. Make a new key for each thing you do.');
  }
  const { on, fileIds, written, errors }: Kept = JSON.parse(known.answer);
  const found = await findFiles(inside, fileIds);
  const files = fileIds.flatMap((id) => found.get(id) ?? []);
  if (files.length < fileIds.length) {
    throw new Conflict('This was done under its idempotency key, and its files are no longer there. Make a new key.');
  }
  // The answer tells of the place as well.
  if (on) await reachOne(inside, on);
  const hung = on ? await hungOn(inside, on, files) : [];
  const attachments = files.flatMap((file) => hung.filter((row) => row.file.unwrap().chain === file.chain));
  return { on, files, attachments, written: new Map(written), errors };
}

/** Where the files hang on the one thing. */
function hungOn({ em }: Inside, { type: onType, id: onId }: AttachableRef, files: readonly Row<File>[]) {
  return inChunks(
    files.map((file) => file.chain),
    (some) => em.find(Attachment, { onType, onId, file: { chain: { $in: some } } }, { populate: ['file'] }),
  );
}

function keptOf({ on, files, errors }: Outcome, written: ReadonlyMap<Topic, number>): Kept {
  return { on, fileIds: files.map((file) => file.id), written: [...written], errors };
}

function fingerprintOf(asked: unknown, received: readonly ReceivedFile[]): string {
  const files = received.map(({ facts: { name, size, sha256 } }) => ({ name, size, sha256 }));
  return createHash('sha256')
    .update(JSON.stringify([asked, files]))
    .digest('hex');
}
