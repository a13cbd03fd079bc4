import { setImmediate } from 'node:timers/promises';
import { type AddOptions, type AddResult, insertFiles, prepareToAdd } from '../attachments/add-files.ts';
import type { Client, Context } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import type { GroupOptions } from '../database/transaction-groups.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import type { Topic } from '../events/topic.ts';
import type { ReceivedFile, ReceiveOutcome } from './receive.ts';
import { mergeOutcomes, receivedOf } from './store-files.ts';
import type { UploadResult } from './upload-result.ts';

/**
 * Uploads of one viewer to one place that arrive while others of them are stored are stored in one
 * transaction: one statement inserts the files of all of them. An upload alone pays for a dozen
 * statements, and a batch of uploads pays for the same dozen.
 */

/** Files of one transaction: the more there are, the longer the first of them waits. */
const MAX_FILES = 64;

/** Received files of a request, and where they go. */
interface Upload {
  outcomes: readonly ReceiveOutcome[];
  options: AddOptions;
  /** With which other transactions theirs may share a commit. */
  group: GroupOptions;
}

interface Member extends Upload {
  ctx: Context;
  received: readonly ReceivedFile[];
  /** The blob keys, in the order of `received`. */
  keys: readonly string[];
  resolve(result: UploadResult): void;
  reject(error: unknown): void;
}

/** The uploads that wait while others of their kind are stored, by what `kindOf` returns. */
type Queues = Map<string, Member[]>;

/** By driver, which stands for its server. */
const queues = new WeakMap<object, Queues>();

/**
 * Stores the files of a request, maybe together with those of others. A file that fails is
 * reported. `upload` locks no rows but those of `group`. Throws what `storeFiles` throws.
 */
export async function storeTogether(ctx: Context, upload: Upload): Promise<UploadResult> {
  const received = receivedOf(upload.outcomes);
  const keys = await prepareToAdd(ctx, received);
  const kind = kindOf(ctx, upload);
  const all = queuesOf(ctx.em);
  const waiting = all.get(kind) ?? [];
  const { promise, resolve, reject } = Promise.withResolvers<UploadResult>();
  waiting.push({ ...upload, ctx, received, keys, resolve, reject });
  if (!all.has(kind)) void storeAll(all, kind, waiting);
  return promise;
}

/** Stores what waits, until nothing does. Never rejects. */
async function storeAll(all: Queues, kind: string, waiting: Member[]): Promise<void> {
  all.set(kind, waiting);
  while (waiting.length > 0) {
    await setImmediate(); // for those that arrive in the same turn of the event loop
    await storeMembers(takeMembers(waiting));
  }
  all.delete(kind);
}

function queuesOf(em: EntityManager): Queues {
  const driver = em.getDriver();
  const known = queues.get(driver);
  if (known) return known;
  const empty: Queues = new Map();
  queues.set(driver, empty);
  return empty;
}

/** Of uploads of one kind, the same rights are checked, and the same columns written. */
const kindOf = ({ viewer }: Context, { options, group }: Upload): string => JSON.stringify([viewer, options, group]);

function takeMembers(waiting: Member[]): Member[] {
  let files = 0;
  const end = waiting.findIndex(({ outcomes }) => {
    files += outcomes.length;
    return files > MAX_FILES;
  });
  return waiting.splice(0, end === -1 ? waiting.length : Math.max(end, 1));
}

/**
 * Settles all members, and never rejects. A batch that could not be inserted is tried for each
 * member alone: one of them may be the reason. When only the commit failed, it may be unknown
 * whether it is stored.
 */
async function storeMembers(members: readonly Member[]): Promise<void> {
  const attempt = { isInserted: false };
  try {
    await storeBatch(members, attempt);
  } catch (error) {
    if (members.length > 1 && !attempt.isInserted) await Promise.all(members.map((member) => storeMembers([member])));
    else for (const { reject } of members) reject(error);
  }
}

/**
 * Stores the files of all members in one transaction, and resolves them: when it is safe from a
 * power cut, or before, with a response that is held until then. So the response is made during the
 * sync. Sets `isInserted` when only the commit is left.
 */
async function storeBatch(members: readonly Member[], attempt: { isInserted: boolean }): Promise<void> {
  const [{ ctx, options, group }] = members as [Member];
  const received = members.flatMap((member) => member.received);
  const keys = members.flatMap((member) => member.keys);
  const clients = members.flatMap((member) => member.received.map((): Client | undefined => member.ctx.client));
  const insert = async (tx: TransactionContext) => {
    attempt.isInserted = false; // it may be repeated
    const added = await insertFiles(tx, { received, keys, clients }, options);
    attempt.isInserted = true;
    return added;
  };
  const onCommitted = (added: AddResult, durable: Promise<void>) => {
    for (const [index, result] of resultsOf(members, added).entries()) {
      const { ctx, resolve } = members[index] as Member;
      if (ctx.holdResponse) {
        ctx.holdResponse(durable);
        resolve(result);
      } else {
        void durable.then(() => resolve(result));
      }
    }
  };
  await inTransaction(ctx, insert, { group, onCommitted });
}

/** What each member gets of what was added for all of them. */
function resultsOf(members: readonly Member[], { outcomes, written }: AddResult): UploadResult[] {
  let end = 0;
  return members.map((member) => {
    const own = outcomes.slice(end, end + member.received.length);
    end += member.received.length;
    const result = mergeOutcomes(member.outcomes, own, member.options.on);
    const later = outcomes.slice(end).filter((outcome) => 'file' in outcome).length;
    return { ...result, written: writtenBy(result, written, later) };
  });
}

/**
 * The numbers of the last events of one result. Each stored file has one event in every topic, in
 * the order of the files, and `later` files come after it.
 */
const writtenBy = ({ files }: UploadResult, written: ReadonlyMap<Topic, number>, later: number): Map<Topic, number> =>
  new Map(files.length === 0 ? [] : [...written].map(([topic, seq]) => [topic, seq - later]));
