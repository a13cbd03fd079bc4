import { randomUUID } from 'node:crypto';
import { canChangeFile, canReviewFile, NO_PLACES } from '../auth/permissions.ts';
import { mustWrite } from '../auth/require-scope.ts';
import type { Context } from '../context.ts';
import {
  type AttachableRef,
  Attachment,
  File,
  type FileOrigin,
  type FileStatus,
  User,
} from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { insertRows, type Row, rowsWhere } from '../database/rows.ts';
import { searchKey } from '../database/search-key.ts';
import { forUpdate } from '../database/sql.ts';
import { type AttacheError, BadInput, Conflict, Forbidden, NotFound } from '../errors.ts';
import { changing, type Inside } from '../events/in-transaction.ts';
import { type Topic, topicOf } from '../events/topic.ts';
import { factsOf, type Seen, seeFile, seeFiles } from '../files/load-files.ts';
import type { ReceivedFile } from '../uploads/receive.ts';
import {
  addTemporary,
  assertNoOverrun,
  chargeOf,
  lockTemporary,
  type TemporaryRoom,
  takeTemporary,
} from '../uploads/temporary-quota.ts';
import { announceLater, mustBeToken } from '../uploads/upload-session.ts';
import { type Reached, reachToEdit } from '../workspace/attachable.ts';
import { announce } from './emit-file-events.ts';
import { lockChains } from './lock-versions.ts';
import { addUsage, keepUsage, roomIn, takeRoom, type Usage } from './quota.ts';

/** How files are added. */
export interface AddOptions {
  /** What they hang on; nothing yet, when not given. */
  on?: AttachableRef | undefined;
  /** Any version of a file: what is added becomes its next versions, in the order given, wherever it hangs. */
  parentId?: number | undefined;
  available?: boolean | undefined;
  status?: FileStatus | null | undefined;
  createdFrom?: FileOrigin | undefined;
  /** Announces them when the session is finished rather than at once. */
  sessionToken?: string | undefined;
}

/** What became of one received file: it is kept, and where it hangs; or it did not fit. */
export type Outcome =
  | { file: Row<File>; attachments: Row<Attachment>[]; previous?: Row<File> }
  | { failure: AttacheError };

export interface Added {
  /** In the order of the files. */
  outcomes: Outcome[];
  /** The last number of each topic that tells of them; empty when it is told later. */
  written: ReadonlyMap<Topic, number>;
}

/**
 * Stores received files: each is kept or fails by itself, by the quota of the project, or by what
 * the viewer may keep unattached; anything else that goes wrong keeps none. What an upload has
 * reserved, `isReserved`, is not asked for again. When it answers, bytes, rows and events are safe
 * from a power cut; then, and only then, those who listen are told. Throws `NotFound`, `Forbidden`,
 * `BadInput`, `InsufficientStorage`, and `TooLarge` for more files than one request may add.
 */
export async function addFiles(
  ctx: Context,
  received: readonly ReceivedFile[],
  options: AddOptions = {},
  { isReserved = false } = {},
): Promise<Added> {
  ctx.budget.addFiles(received.length);
  if (received.length > 0 && !isReserved) await assertNoOverrun(ctx);
  const keys = await Promise.all(received.map((file) => file.commit()));
  return changing(ctx, async (inside) => {
    const { target, parent } = await mayAdd(inside, options);
    await mustStillBeKept(inside.em, received, keys);
    const adding: Adding = { received, keys, options, isReserved };
    const outcomes = parent
      ? await addNextVersions(inside, adding, parent)
      : await addFirstVersions(inside, adding, target);
    const kept = outcomes.filter((outcome) => 'file' in outcome);
    if (options.sessionToken) await announceLater(inside, options.sessionToken, kept);
    else await announce(inside, kept);
    inside.afterwards(() => {
      for (const [index, outcome] of outcomes.entries()) if ('file' in outcome) received[index]?.adopt();
    });
    return { outcomes, written: inside.written };
  });
}

/** Where files may be added: what they hang on, or the version that they follow. */
export interface AddPlace {
  target: Reached | undefined;
  parent: Seen | undefined;
}

/**
 * Asks for the rights that `addFiles` needs. Doors that read bytes ask before the first; `addFiles` asks again, in its
 * transaction, and that is what counts.
 */
export async function mayAdd(ctx: Context, { on, parentId, status, sessionToken }: AddOptions): Promise<AddPlace> {
  const target = on && (await reachToEdit(ctx, on));
  mustWrite(ctx.viewer);
  if (sessionToken !== undefined) mustBeToken(sessionToken);
  const parent = parentId === undefined ? undefined : await seeFile(ctx, parentId);
  const newest = parent && (await newestOfChain(ctx, parent));
  if (status === 'APPROVED' && !canApprove(ctx, target, newest)) {
    throw new Forbidden(
      'What is uploaded as APPROVED has to hang on something that you may edit. Upload it as PENDING.',
    );
  }
  if (!parent) return { target, parent };
  if (!newest || !canChangeFile(ctx.viewer, factsOf(newest.file), newest.access)) {
    throw new Forbidden(`You may see File:${parentId}, but not add a version to it.`);
  }
  if (target && !parent.places.some((place) => topicOf(place.ref) === topicOf(target.ref))) {
    throw new BadInput(
      `File:${parentId} does not hang on ${topicOf(target.ref)}. Attach it there first, or leave out the parent.`,
    );
  }
  return { target, parent };
}

interface Adding {
  received: readonly ReceivedFile[];
  keys: string[];
  options: AddOptions;
  isReserved: boolean;
}

/** What files that are attached to nothing may take; no limit for others. */
async function unattachedRoom(ctx: Inside, isUnattached: boolean, isReserved: boolean): Promise<TemporaryRoom> {
  return isUnattached && !isReserved ? lockTemporary(ctx) : { bytes: Number.POSITIVE_INFINITY, reason: '' };
}

/**
 * The newest version, as far as the viewer sees it. It is the one that a next version takes the place of, so its rights
 * count, whichever version is named as the parent.
 */
async function newestOfChain(ctx: Context, parent: Seen): Promise<Seen | undefined> {
  if (parent.file.isNewest) return parent;
  const [newest] = await rowsWhere(ctx.em, File, 't.chain = ? and t.is_newest = ?', [parent.file.chain, true]);
  return newest && (await seeFiles(ctx, [newest.id])).get(newest.id);
}

/** What is new belongs to the place that it is uploaded to; a next version, to the home of its file. */
function canApprove({ viewer }: Context, target: Reached | undefined, newest: Seen | undefined): boolean {
  if (newest) return canReviewFile(viewer, factsOf(newest.file), newest.access);
  const own = { createdBy: viewer.userId, available: true };
  return canReviewFile(viewer, own, { ...NO_PLACES, home: target ? 'EDITED' : 'NONE' });
}

async function addFirstVersions(
  ctx: Inside,
  { received, keys, options, isReserved }: Adding,
  target: Reached | undefined,
): Promise<Outcome[]> {
  const room = await roomIn(ctx, target?.projectId === undefined ? [] : [target.projectId]);
  const unattached = await unattachedRoom(ctx, !target, isReserved);
  const failures = received.map(({ facts }) => takeRoom(room, facts) ?? takeTemporary(unattached, facts));
  const versions = received.map((file, index) =>
    versionOf(ctx, file, { chain: randomUUID(), version: 1, blobKey: keys[index] as string }, options),
  );
  // Small files are many: they are written past the unit of work, which would take most of the time of an upload.
  const files = await insertRows(
    ctx.em,
    File,
    versions.filter((_, index) => !failures[index]),
  );
  const hung = target
    ? await insertRows(
        ctx.em,
        Attachment,
        files.map((file) => placeOf(ctx, file, target, { isHome: true, canBeHome: true })),
      )
    : [];
  for (const row of hung) countAdded(ctx, row);
  if (target?.projectId !== undefined) await addUsage(ctx.em, target.projectId, usageOf(files));
  if (!target) await addTemporary(ctx.em, ctx.viewer.userId, chargeOfAll(files));
  let next = 0;
  return failures.map((failure) => {
    if (failure) return { failure };
    const outcome = { file: files[next] as Row<File>, attachments: hung.slice(next, next + 1) };
    next += 1;
    return outcome;
  });
}

const usageOf = (files: readonly Row<File>[]): Usage => ({
  bytes: files.reduce((sum, file) => sum + file.size, 0),
  files: files.length,
});

const chargeOfAll = (files: readonly Row<File>[]): number => files.reduce((sum, { size }) => sum + chargeOf(size), 0);

async function addNextVersions(
  ctx: Inside,
  { received, keys, options, isReserved }: Adding,
  { file: { chain } }: Seen,
): Promise<Outcome[]> {
  // Two at once get different numbers: the second waits here until the first is done.
  await lockChains(ctx, [chain]);
  const last = await ctx.em.findOne(File, { chain, isNewest: true });
  if (!last) throw new NotFound([`File:${options.parentId}`]);
  let newest = last;
  const attachments = await ctx.em.find(Attachment, { file: newest.id });
  const room = await roomIn(
    ctx,
    attachments.flatMap((row) => row.projectId ?? []),
  );
  const unattached = await unattachedRoom(ctx, attachments.length === 0, isReserved);
  return keepUsage(ctx.em, [chain], async () => {
    const outcomes: Outcome[] = [];
    for (const [index, file] of received.entries()) {
      const failure = takeRoom(room, file.facts, 0) ?? takeTemporary(unattached, file.facts);
      if (failure) {
        outcomes.push({ failure });
        continue;
      }
      const previous = newest;
      previous.isNewest = false;
      const place = { chain, version: previous.version + 1, blobKey: keys[index] as string };
      const by = ctx.em.getReference(User, ctx.viewer.userId);
      newest = ctx.em.create(File, { ...versionOf(ctx, file, place, options), createdBy: by, updatedBy: by });
      for (const row of attachments) follow(ctx, row, newest);
      outcomes.push({ file: newest, attachments, previous });
    }
    return outcomes;
  });
}

function versionOf(
  ctx: Context,
  file: ReceivedFile,
  place: { chain: string; version: number; blobKey: string },
  { available = true, status = null, createdFrom = 'TASK_PANEL' }: AddOptions,
): Omit<Row<File>, 'id'> {
  const by = { id: ctx.viewer.userId };
  const at = ctx.now();
  return {
    ...place,
    isNewest: true,
    ...file.facts,
    nameKey: searchKey(file.facts.name),
    available,
    status,
    createdFrom,
    createdBy: by,
    createdAt: at,
    updatedBy: by,
    updatedAt: at,
  };
}

/** Adds the row that joins a file to an attachable; it exists once the unit of work is flushed. */
export function hang(ctx: Inside, file: File, target: Reached, home: Home): Attachment {
  const attachedBy = ctx.em.getReference(User, ctx.viewer.userId);
  const row = placeOf(ctx, file, target, home);
  countAdded(ctx, row);
  return ctx.em.create(Attachment, { ...row, file, attachedBy });
}

const countAdded = (ctx: Inside, row: Omit<Row<Attachment>, 'id'>): void =>
  ctx.countPlaced(row, { files: 1, drafts: row.available ? 0 : 1 });

type Home = Pick<Attachment, 'isHome' | 'canBeHome'>;

function placeOf(
  ctx: Context,
  file: Row<File>,
  { ref, projectId, taskId }: Reached,
  home: Home,
): Omit<Row<Attachment>, 'id'> {
  return {
    file: { id: file.id },
    onType: ref.type,
    onId: ref.id,
    available: file.available,
    ...home,
    projectId: projectId ?? null,
    taskId: taskId ?? null,
    createdAt: file.createdAt,
    nameKey: file.nameKey,
    size: file.size,
    attachedBy: { id: ctx.viewer.userId },
    attachedAt: ctx.now(),
  };
}

/** Makes what is attached another version of the file, or the same under another name; the orders of listings follow. */
export function follow(ctx: Inside, row: Attachment, file: File): void {
  if (row.available !== file.available) ctx.countPlaced(row, { files: 0, drafts: file.available ? -1 : 1 });
  const { available, createdAt, nameKey, size } = file;
  ctx.em.assign(row, { file, available, createdAt, nameKey, size });
}

/**
 * One uploaded part may serve two places of a request, and the file made of it first may be gone again, bytes and
 * all, before the second is made. Inside the transaction no removal can come between.
 */
async function mustStillBeKept(em: EntityManager, received: readonly ReceivedFile[], keys: string[]): Promise<void> {
  const shared = keys.filter((_, index) => received[index]?.adopted);
  for (const blobKey of new Set(shared)) {
    // Locked, so that whoever removes it waits, and then sees that its bytes are needed here.
    if ((await em.find(File, { blobKey }, { ...forUpdate, orderBy: { id: 'asc' } })).length === 0) {
      throw new Conflict('A file of this request was removed before its second use. Upload it again.');
    }
  }
}
