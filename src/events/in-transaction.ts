import type { Context } from '../context.ts';
import type { Attachment } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { transact } from '../database/transaction.ts';
import { type EventPayload, type FileChange, toPayload } from './event.ts';
import { type AccessChange, accessEntry, appendToLog, type FileCounts, type NewLogEntry } from './log.ts';
import { type Topic, topicOf } from './topic.ts';

/** What a rule is given inside of a transaction: beside changing things, it says what happened. */
export interface TransactionContext extends Context {
  /** Says what happened to a file. Heard by whoever follows the place, or the project around it. */
  emit(happening: FileChange): void;
  /** Says whose rights may have changed. Whoever has lost them hears nothing more. */
  emitAccessChange(change: AccessChange): void;
  /** Counts files that were put at a place, or taken away from it: every row of `attachments` that comes or goes. */
  countAttached(at: Pick<Attachment, 'onType' | 'onId'>, change: FileCounts): void;
  /** Topics that end with this change: nothing is written to them any more. */
  readonly endedTopics: Set<Topic>;
  /** Writes down what was said so far. For changes without a bound; at the end it is done anyway. */
  flushEvents(): Promise<void>;
  /** Does something, once, when all of this is committed. */
  onCommit(act: () => void): void;
  /** The number of the last entry written to each topic. Complete once the change is. */
  readonly written: Map<Topic, number>;
}

/**
 * Changes something, in a transaction that also writes to the log what happened: both are there, or neither is.
 * Those who follow hear of it after the commit, and nobody waits for them. The work may run more than once; see
 * `transact`. Within another change, it is part of that one.
 */
export async function inTransaction<T>(ctx: Context, work: (tx: TransactionContext) => Promise<T>): Promise<T> {
  if (isInTransaction(ctx)) return work(ctx);
  let afterwards: (() => void)[] = [];
  const { files } = ctx.budget;
  const result = await transact(ctx.em, async (em) => {
    const said: PendingEntry[] = [];
    let placed = new Map<Topic, FileCounts>();
    afterwards = [];
    ctx.budget.files = files; // what runs again adds its files once
    const tx: TransactionContext = {
      ...ctx,
      em,
      endedTopics: new Set(),
      written: new Map(),
      emit: (happening) => said.push(...entriesOf(tx, happening)),
      countAttached({ onType, onId }, { files, drafts }) {
        const topic = topicOf({ type: onType, id: onId });
        const known = placed.get(topic) ?? { files: 0, drafts: 0 };
        placed.set(topic, { files: known.files + files, drafts: known.drafts + drafts });
      },
      onCommit: (act) => afterwards.push(act),
      emitAccessChange: (change) => said.push({ ...accessEntry(ctx.now(), change), insider: undefined }),
      async flushEvents() {
        await em.flush();
        await excludeFormerUploaders(tx, said);
        const counts = placed;
        placed = new Map();
        for (const [topic, seq] of await appendToLog(em, said.splice(0), counts)) tx.written.set(topic, seq);
      },
    };
    const result = await work(tx);
    await tx.flushEvents();
    return result;
  });
  for (const act of afterwards) act();
  ctx.events.wake();
  return result;
}

export const isInTransaction = (ctx: Context): ctx is TransactionContext => 'emit' in ctx;

/** An entry that is not written yet, and whose being an insider is still to be asked: by having uploaded the file. */
interface PendingEntry extends NewLogEntry {
  insider: { payload: EventPayload; primary: Row<Attachment> } | undefined;
}

/** The number of no user. */
const NOBODY = 0;

/**
 * Uploaders know of their files before these are available, unless the home of the file is hidden from them. Then they
 * are told at other places what everybody there is told. Who sees the place where it happened sees a home that has the
 * same editors, so that is asked only of other homes.
 */
async function excludeFormerUploaders(
  { em, canUserSeePlace: userSeesPlace }: TransactionContext,
  said: readonly PendingEntry[],
): Promise<void> {
  const answers = new Map<string, boolean>();
  for (const { insider } of said) {
    if (!insider) continue;
    const { payload, primary } = insider;
    const question = `${payload.uploaderId} ${primary.onType} ${primary.onId}`;
    const sees = answers.get(question) ?? (await userSeesPlace(em, payload.uploaderId, primary));
    answers.set(question, sees);
    if (!sees) payload.uploaderId = NOBODY;
  }
}

/** One entry for each topic that it concerns: the place, and the project around it. */
function entriesOf(tx: TransactionContext, happening: FileChange): PendingEntry[] {
  const { onType, onId, projectId } = happening.attachment;
  const topics = new Set([
    topicOf({ type: onType, id: onId }),
    ...(projectId === null ? [] : [topicOf({ type: 'Project', id: projectId as number })]),
  ]).difference(tx.endedTopics);
  const payload = toPayload(happening, tx.viewer.userId);
  const { primary } = happening;
  const insider = primary && !payload.isPrimary && payload.audience !== 'EVERYBODY' ? { payload, primary } : undefined;
  return [...topics].map((topic) => ({ topic, type: happening.type, at: tx.now(), payload, insider }));
}
