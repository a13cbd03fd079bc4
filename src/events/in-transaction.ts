import type { Context } from '../context.ts';
import type { Attachment } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { transact } from '../database/transaction.ts';
import { type Happening, type Kept, keep } from './event.ts';
import { type AccessChange, accessEntry, append, type NewEntry, type PlacedFiles } from './log.ts';
import { type Topic, topicOf } from './topic.ts';

/** What a rule is given inside of a transaction: beside changing things, it says what happened. */
export interface Inside extends Context {
  /** Says what happened to a file. Heard by whoever follows the place, or the project around it. */
  tell(happening: Happening): void;
  /** Says whose rights may have changed. Whoever has lost them hears nothing more. */
  tellAccess(change: AccessChange): void;
  /** Counts files that were put at a place, or taken away from it: every row of `attachments` that comes or goes. */
  countPlaced(at: Pick<Attachment, 'onType' | 'onId'>, change: PlacedFiles): void;
  /** Topics that end with this change: nothing is written to them any more. */
  readonly ending: Set<Topic>;
  /** Writes down what was said so far. For changes without a bound; at the end it is done anyway. */
  write(): Promise<void>;
  /** Does something, once, when all of this is committed. */
  afterwards(act: () => void): void;
  /** The number of the last entry written to each topic. Complete once the change is. */
  readonly written: Map<Topic, number>;
}

/**
 * Changes something, in a transaction that also writes to the log what happened: both are there, or neither is.
 * Those who follow hear of it after the commit, and nobody waits for them. The work may run more than once; see
 * `transact`. Within another change, it is part of that one.
 */
export async function changing<T>(ctx: Context, work: (inside: Inside) => Promise<T>): Promise<T> {
  if (isInside(ctx)) return work(ctx);
  let afterwards: (() => void)[] = [];
  const { files } = ctx.budget;
  const result = await transact(ctx.em, async (em) => {
    const said: Said[] = [];
    let placed = new Map<Topic, PlacedFiles>();
    afterwards = [];
    ctx.budget.files = files; // what runs again adds its files once
    const inside: Inside = {
      ...ctx,
      em,
      ending: new Set(),
      written: new Map(),
      tell: (happening) => said.push(...entriesOf(inside, happening)),
      countPlaced({ onType, onId }, { files, drafts }) {
        const topic = topicOf({ type: onType, id: onId });
        const known = placed.get(topic) ?? { files: 0, drafts: 0 };
        placed.set(topic, { files: known.files + files, drafts: known.drafts + drafts });
      },
      afterwards: (act) => afterwards.push(act),
      tellAccess: (change) => said.push({ ...accessEntry(ctx.now(), change), insider: undefined }),
      async write() {
        await em.flush();
        await excludeFormerUploaders(inside, said);
        const counts = placed;
        placed = new Map();
        for (const [topic, seq] of await append(em, said.splice(0), counts)) inside.written.set(topic, seq);
      },
    };
    const result = await work(inside);
    await inside.write();
    return result;
  });
  for (const act of afterwards) act();
  ctx.events.wake();
  return result;
}

export const isInside = (ctx: Context): ctx is Inside => 'tell' in ctx;

/** An entry that is not written yet, and whose being an insider is still to be asked: by having uploaded the file. */
interface Said extends NewEntry {
  insider: { payload: Kept; home: Row<Attachment> } | undefined;
}

/** The number of no user. */
const NOBODY = 0;

/**
 * Uploaders know of their files before these are available, unless the home of the file is hidden from them. Then they
 * are told at other places what everybody there is told. Who sees the place where it happened sees a home that has the
 * same editors, so that is asked only of other homes.
 */
async function excludeFormerUploaders({ em, userSeesPlace }: Inside, said: readonly Said[]): Promise<void> {
  const answers = new Map<string, boolean>();
  for (const { insider } of said) {
    if (!insider) continue;
    const { payload, home } = insider;
    const question = `${payload.uploaderId} ${home.onType} ${home.onId}`;
    const sees = answers.get(question) ?? (await userSeesPlace(em, payload.uploaderId, home));
    answers.set(question, sees);
    if (!sees) payload.uploaderId = NOBODY;
  }
}

/** One entry for each topic that it concerns: the place, and the project around it. */
function entriesOf(inside: Inside, happening: Happening): Said[] {
  const { onType, onId, projectId } = happening.attachment;
  const topics = new Set([
    topicOf({ type: onType, id: onId }),
    ...(projectId === null ? [] : [topicOf({ type: 'Project', id: projectId as number })]),
  ]).difference(inside.ending);
  const payload = keep(happening, inside.viewer.userId);
  const { home } = happening;
  const insider = home && !payload.isHome && payload.audience !== 'EVERYBODY' ? { payload, home } : undefined;
  return [...topics].map((topic) => ({ topic, type: happening.type, at: inside.now(), payload, insider }));
}
