import type { AuditEntry, AuditOrigin } from '../audit/audit-entry.ts';
import { type ClientEntry, writeAudit } from '../audit/write-audit.ts';
import { assertSpaceForRows } from '../budget/free-space.ts';
import { type Client, type Context, contextOf, type RequestContext } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import { whenCommitted } from '../database/durability.ts';
import type { Attachment } from '../database/entities/index.ts';
import { flush } from '../database/flush.ts';
import type { Row } from '../database/rows.ts';
import { transact } from '../database/transaction.ts';
import type { GroupCache, GroupOptions } from '../database/transaction-groups.ts';
import { type EventPayload, type FileChange, toPayload } from './event.ts';
import {
  type AccessChange,
  accessEntry,
  appendBeforeCommit,
  appendToLog,
  type FileCounts,
  type NewLogEntry,
} from './log-writer.ts';
import { type Topic, topicOf } from './topic.ts';

/** The context of a change inside a transaction, which also emits the events of the change. */
export interface TransactionContext extends Context {
  /**
   * Emits a change of a file to the topic of its attachable and to that of the project around it.
   */
  emit(change: FileChange): void;
  /** Emits that permissions may have changed. Subscriptions of users who lost theirs end. */
  emitAccessChange(change: AccessChange): void;
  /**
   * Adds an entry to the audit log, written with the change. `client` is that of the request which
   * caused it, when several requests share the transaction.
   */
  audit(entry: AuditEntry, client?: Client): void;
  /** Adds to the stored file counts of an attachable, for each row that attaches a file. */
  countAttached(at: Pick<Attachment, 'onType' | 'onId'>, change: FileCounts): void;
  /** Topics that end with this change: nothing more is emitted to them. */
  readonly endedTopics: Set<Topic>;
  /**
   * Writes the events and audit entries so far to the logs, so that a change of many files does not
   * collect all of them in memory. The end of the transaction does the same.
   */
  flushEvents(): Promise<void>;
  /**
   * Registers a callback that is called once, after the commit. A power cut may still undo the
   * change then: it must not delete what the rows of before need.
   */
  onCommit(callback: () => void): void;
  /** The number of the last entry of each topic. Complete when the transaction is. */
  readonly written: Map<Topic, number>;
  /** Of a transaction that shares its commit with others; see `oncePerGroup`. */
  readonly groupCache: GroupCache | undefined;
}

export interface ChangeOptions {
  /** With which others it may share its commit. */
  group?: GroupOptions | undefined;
  /** Also on a nearly full disk: it removes more than it adds, or its space was checked before. */
  onFullDisk?: boolean;
}

export interface CommitOptions<T> extends ChangeOptions {
  /**
   * Called once with the result when it is committed. It may be acknowledged to a client only when
   * `durable` is fulfilled: until then, a power cut may undo it. Not called within another
   * transaction.
   */
  onCommitted?: (result: T, durable: Promise<void>) => void;
}

/**
 * Runs `work` in a transaction that also writes the emitted events to the log: either both the
 * change and its events are committed, or neither. Subscribers are notified after the commit and do
 * not delay the caller. `work` may run more than once; see `transact`. Within another transaction,
 * `work` is part of that one. Throws `InsufficientStorageError` when the disk is nearly full, and
 * `UnauthenticatedError` when the credentials of a long request were revoked since it began.
 */
export async function inTransaction<T>(
  request: RequestContext,
  work: (tx: TransactionContext) => Promise<T>,
  { group, onFullDisk = false, onCommitted }: CommitOptions<T> = {},
): Promise<T> {
  const began = contextOf(request);
  if (!onFullDisk) await assertSpaceForRows(began);
  if (isInTransaction(began)) return work(began);
  const ctx = { ...began, viewer: await began.currentViewer(began) };
  let callbacks: (() => void)[] = [];
  let isFinished = false;
  /** What a callback threw. The commit is done, so it cannot be rolled back for that. */
  let failure: { error: unknown } | undefined;
  const { files } = ctx.budget;
  const inAttempt = async (em: EntityManager, groupCache?: GroupCache) => {
    const pending: PendingEntry[] = [];
    const audited: ClientEntry[] = [];
    let countChanges = new Map<Topic, FileCounts>();
    callbacks = [];
    ctx.budget.files = files; // A repeated run does not count its files twice.
    const tx: TransactionContext = {
      ...ctx,
      em,
      groupCache,
      endedTopics: new Set(),
      written: new Map(),
      emit: (change) => pending.push(...entriesOf(tx, change)),
      countAttached({ onType, onId }, { files, drafts }) {
        const topic = topicOf({ type: onType, id: onId });
        const known = countChanges.get(topic) ?? { files: 0, drafts: 0 };
        countChanges.set(topic, { files: known.files + files, drafts: known.drafts + drafts });
      },
      audit: (entry, client) => void audited.push(client ? { ...entry, client } : entry),
      onCommit: (callback) => callbacks.push(callback),
      emitAccessChange: (change) => pending.push({ ...accessEntry(ctx.now(), change), uploaderCheck: undefined }),
      async flushEvents() {
        for (const [topic, seq] of await appendToLog(em, ...(await takePending()))) tx.written.set(topic, seq);
      },
    };
    const takePending = async (): Promise<[PendingEntry[], Map<Topic, FileCounts>]> => {
      await flush(em);
      await excludeUploadersWithoutAccess(tx, pending);
      await writeAudit(em, ctx.now(), originOf(ctx), audited.splice(0));
      const changes = countChanges;
      countChanges = new Map();
      return [pending.splice(0), changes];
    };
    const result = await work(tx);
    const lastSeqs = await appendBeforeCommit(em, ...(await takePending()));
    const finish = (durable = Promise.resolve()) => {
      if (isFinished) return;
      isFinished = true;
      try {
        for (const [topic, seq] of lastSeqs()) tx.written.set(topic, seq);
        for (const callback of callbacks) callback();
        onCommitted?.(result, durable);
      } catch (error) {
        failure = { error };
      }
    };
    whenCommitted(em, finish);
    return { result, finish };
  };
  const { result, finish } = await transact(ctx.em, inAttempt, group);
  finish();
  ctx.events.wake();
  if (failure) throw failure.error;
  return result;
}

/** The server acts for itself, or for the user of a first start, when there is no client. */
const originOf = ({ viewer: { userId, keyId, guest }, client }: Context): AuditOrigin => ({
  via: guest ? 'GUEST' : client ? 'REQUEST' : 'SERVER',
  actorId: userId === SERVER_ID ? null : userId,
  keyId: guest ? undefined : keyId,
  guest,
  client,
});

/**
 * Reads or locks something once for all transactions of a group: those after the first see it as it
 * was then. `key` names everything that the result depends on. A transaction that runs alone reads
 * each time.
 */
export async function oncePerGroup<T>(ctx: Context, key: string, read: () => Promise<T>): Promise<T> {
  const cache = isInTransaction(ctx) ? ctx.groupCache : undefined;
  if (!cache) return read();
  const cached = (cache.get(key) as Promise<T> | undefined) ?? read();
  cache.set(key, cached);
  return cached;
}

export const isInTransaction = (ctx: Context): ctx is TransactionContext => 'emit' in ctx;

/** An entry that is not written yet. */
interface PendingEntry extends NewLogEntry {
  /**
   * Set while it has to be checked whether the uploader, an insider by the payload, sees the
   * primary attachment.
   */
  uploaderCheck: { payload: EventPayload; primary: Row<Attachment> } | undefined;
}

/** The viewer of work that no user has requested. */
const SERVER_ID = 0;

/** The `uploaderId` of an event for which no user is an insider as the uploader. */
const NO_USER = 0;

/**
 * An uploader sees a draft, unless the uploader may not see the attachable of its primary
 * attachment. Such an uploader is no insider: elsewhere, the uploader receives the same events as
 * everybody else. `entriesOf` requests the check only where the primary attachment has other
 * editors than the attachable of the event: with the same editors, a user who sees the one sees the
 * other.
 */
async function excludeUploadersWithoutAccess(
  { em, canUserSeePlace }: TransactionContext,
  pending: readonly PendingEntry[],
): Promise<void> {
  const answers = new Map<string, boolean>();
  for (const { uploaderCheck } of pending) {
    if (!uploaderCheck) continue;
    const { payload, primary } = uploaderCheck;
    const key = `${payload.uploaderId} ${primary.onType} ${primary.onId}`;
    const canSee = answers.get(key) ?? (await canUserSeePlace(em, payload.uploaderId, primary));
    answers.set(key, canSee);
    if (!canSee) payload.uploaderId = NO_USER;
  }
}

/**
 * Returns one entry for each topic of a change: that of the attachable, and that of the project
 * around it.
 */
function entriesOf(tx: TransactionContext, change: FileChange): PendingEntry[] {
  const { onType, onId, projectId } = change.attachment;
  const topics = new Set([
    topicOf({ type: onType, id: onId }),
    ...(projectId === null ? [] : [topicOf({ type: 'Project', id: projectId as number })]),
  ]).difference(tx.endedTopics);
  const payload = toPayload(change, tx.viewer.userId);
  const { primary } = change;
  const isUnchecked = primary && !payload.isPrimary && payload.audience !== 'EVERYBODY';
  const uploaderCheck = isUnchecked ? { payload, primary } : undefined;
  return [...topics].map((topic) => ({ topic, type: change.type, at: tx.now(), payload, uploaderCheck }));
}
