import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Viewer } from '../auth/permissions.ts';
import type { FileEvent } from './event.ts';
import type { Frame, Render } from './frame.ts';
import type { FrameCache } from './frame-cache.ts';
import type { Job, RenderQueue } from './render-queue.ts';

/** What comes within this time is told together. */
const BATCH_MS = 5;
/** Events that are told at once. */
export const BATCH_SIZE = 64;
/** And their bytes. */
const PIECE_BYTES = 128 * 1024;
/** How long others on this node wait while many are told. */
const SLICE_MS = 4;
/** Frames that are kept for those who come later, and for how long. */
const FRAMES = 1024;
const KEPT_MS = 10_000;

/** An event in words, as the viewer was told it who came first. */
interface SharedFrame {
  viewer: string;
  first: Job<Frame | undefined>;
  /** Once it is there, if it is kept. */
  frame?: Frame;
}

/** The topic whose events a group delivers. */
export interface GroupTopic {
  /** The number of the last event. */
  readonly head: number;
  /** Events after this number that are in memory; undefined when they have to be read. */
  buffered(after: number): FileEvent[] | undefined;
}

/** A subscription of the group. */
export interface GroupMember {
  readonly viewer: Viewer;
  /** `viewerKey` of its viewer. */
  readonly viewerKey: string;
  /** The number of the last event that it was delivered. */
  readonly position: number;
  /** Takes the frames of events; those that are undefined are not for it. */
  deliver(events: readonly FileEvent[], frames: readonly (Frame | undefined)[]): void;
  /** Reads the log until it is up to date, and joins the group again. */
  catchUp(): Promise<void>;
}

/** What all groups of a node share. */
export interface SharedRenders {
  renders: RenderQueue;
  frames: FrameCache;
}

/**
 * Those who asked for the same of one topic. An event is put into words once for all of them, unless the words depend
 * on who asked; and whoever is up to date is told in one go.
 */
export class SubscriptionGroup {
  readonly #topic: GroupTopic;
  readonly #render: Render;
  readonly #shared: SharedRenders;
  #isClosed = false;
  /** Those who have heard everything up to `#told`, and have room for more. */
  readonly #live = new Set<GroupMember>();
  #told = 0;
  #timer: NodeJS.Timeout | undefined;
  #telling = false;
  #forgetting: NodeJS.Timeout | undefined;
  readonly #frames = new Map<number, SharedFrame>();
  /** How many are in it, up to date or not. */
  members = 0;

  /** What was asked for. */
  readonly queryKey: string;

  constructor(topic: GroupTopic, words: string, render: Render, shared: SharedRenders) {
    this.#topic = topic;
    this.queryKey = words;
    this.#render = render;
    this.#shared = shared;
  }

  /** Takes one in who has heard everything there is. */
  join(member: GroupMember): void {
    if (this.#live.size === 0) this.#told = member.position;
    this.#live.add(member);
  }

  leave(member: GroupMember): void {
    this.#live.delete(member);
  }

  /** There is something to tell. */
  schedule(): void {
    if (this.#live.size > 0 && !this.#telling) this.#timer ??= setTimeout(() => void this.#tell(), BATCH_MS);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#forgetting);
    this.#live.clear();
    this.#forgetAll();
  }

  /**
   * The first of the events as this viewer is told them: as many as `most` bytes allow, and the one that goes over it. Each
   * waits for its turn among the renders of all groups, and meanwhile those before it wait in memory.
   */
  async frames(events: readonly FileEvent[], viewer: Viewer, most = PIECE_BYTES): Promise<(Frame | undefined)[]> {
    const frames: (Frame | undefined)[] = [];
    let bytes = 0;
    for (const event of events) {
      if (bytes > most) break;
      const frame = await this.#frame(event, viewer);
      frames.push(frame);
      bytes += frame?.bytes.length ?? 0;
    }
    return frames;
  }

  async #frame(event: FileEvent, viewer: Viewer): Promise<Frame | undefined> {
    const key = viewerKey(viewer);
    const known = this.#frames.get(event.seq) ?? this.#find(event, viewer);
    this.#shared.renders.join(known.first, viewer.userId);
    const first = await known.first.result;
    return !first || first.isShared || known.viewer === key ? first : this.#rendered(event, viewer).result;
  }

  #rendered(event: FileEvent, viewer: Viewer): Job<Frame | undefined> {
    return this.#shared.renders.add(viewer.userId, () => this.#render(event, viewer));
  }

  /** Finds words, and keeps them for a while if they are for everybody: those for one depend on rights that may change. */
  #find(event: FileEvent, viewer: Viewer): SharedFrame {
    const told: SharedFrame = { viewer: viewerKey(viewer), first: this.#rendered(event, viewer) };
    this.#frames.set(event.seq, told);
    told.first.result.then(
      (frame) => this.#keep(event.seq, told, frame),
      () => this.#forget(event.seq, told),
    );
    const [oldest] = this.#frames.entries();
    if (this.#frames.size > FRAMES && oldest) this.#forget(...oldest);
    this.#forgetting ??= setTimeout(() => {
      this.#forgetting = undefined;
      this.#forgetAll();
    }, KEPT_MS).unref();
    return told;
  }

  #keep(seq: number, told: SharedFrame, frame: Frame | undefined): void {
    if (!frame || this.#isClosed || this.#frames.get(seq) !== told) return;
    if (!frame.isShared) {
      this.#frames.delete(seq);
      return;
    }
    told.frame = frame;
    this.#shared.frames.add(frame, () => this.#forget(seq, told));
  }

  #forget(seq: number, told: SharedFrame): void {
    if (this.#frames.get(seq) === told) this.#frames.delete(seq);
    if (told.frame) this.#shared.frames.delete(told.frame);
  }

  #forgetAll(): void {
    for (const [seq, told] of this.#frames) this.#forget(seq, told);
  }

  async #tell(): Promise<void> {
    this.#timer = undefined;
    this.#telling = true;
    try {
      while (this.#live.size > 0 && this.#told < this.#topic.head) {
        const events = this.#topic.buffered(this.#told)?.slice(0, BATCH_SIZE);
        if (!events) return this.#sendBack();
        const told = await this.#tellAll(events);
        this.#told = Math.max(this.#told, told.at(-1)?.seq ?? 0);
      }
    } catch {
      // Each finds out, and ends, by itself.
      this.#sendBack();
    } finally {
      this.#telling = false;
    }
  }

  /** Tells the first of the events, as many as fit a piece; answers which. */
  async #tellAll(some: readonly FileEvent[]): Promise<readonly FileEvent[]> {
    const viewers = new Map<string, Viewer>();
    for (const { viewerKey, viewer } of this.#live) viewers.set(viewerKey, viewer);
    // The first render may serve all: it takes the turn of one who waits for nothing else.
    const { renders } = this.#shared;
    const first = viewers.values().find(({ userId }) => !renders.isWaiting(userId)) ?? [...viewers.values()][0];
    if (!first) return some;
    const frames = new Map([[viewerKey(first), await this.frames(some, first)]]);
    const events = some.slice(0, frames.get(viewerKey(first))?.length);
    for (const [key, viewer] of viewers)
      if (!frames.has(key)) frames.set(key, await this.frames(events, viewer, Number.POSITIVE_INFINITY));
    let since = performance.now();
    for (const member of this.#live) {
      const own = frames.get(member.viewerKey);
      // Who came while the words were found is told next time.
      if (!own) this.#sendBack(member);
      else member.deliver(events, own);
      if (performance.now() - since < SLICE_MS) continue;
      await yieldToOthers();
      since = performance.now();
    }
    return events;
  }

  /** What is to be told is not at hand any more, or cannot be put into words: each reads on by itself. */
  #sendBack(...some: GroupMember[]): void {
    for (const member of some.length > 0 ? some : [...this.#live]) {
      this.#live.delete(member);
      void member.catchUp();
    }
  }
}

/** What of a viewer the words of an event can depend on. */
export const viewerKey = ({ userId, isAdmin, scope }: Viewer): string => `${userId} ${isAdmin} ${scope}`;
