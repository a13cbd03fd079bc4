import { chunksOf } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import { placeholders } from '../database/rows.ts';
import type { Viewer } from './permissions.ts';

const MINUTE_MS = 60_000;

/** The shortest time between two writes of the last use of a key, in milliseconds. */
const INTERVAL_MS = 5 * MINUTE_MS;

/**
 * Keys whose use is noted between two writes: memory is bounded. The use of others is not noted.
 */
const MAX_PENDING = 100_000;

/**
 * Records when API keys were last used, to five minutes. A request only notes the use in memory;
 * `write` stores all of them in a few statements, a key at most once in five minutes. A crash loses
 * what was not written.
 */
export class KeyUsage {
  readonly #em: () => EntityManager;
  readonly #now: () => Date;
  /** The minute of the last use, by the id of the key. */
  #pending = new Map<number, number>();

  constructor(em: () => EntityManager, now: () => Date) {
    this.#em = em;
    this.#now = now;
  }

  /** Notes that the key of a viewer was used now, and returns the viewer. */
  note(viewer: Viewer): Viewer {
    if (viewer.keyId !== undefined) {
      const isFull = this.#pending.size >= MAX_PENDING && !this.#pending.has(viewer.keyId);
      if (!isFull) this.#pending.set(viewer.keyId, Math.floor(this.#now().getTime() / MINUTE_MS) * MINUTE_MS);
    }
    return viewer;
  }

  /** Stores what was noted. Rejects when it cannot be written; then it is lost. */
  async write(): Promise<void> {
    const noted = this.#pending;
    this.#pending = new Map();
    await writeUses(this.#em(), noted);
  }
}

async function writeUses(em: EntityManager, noted: ReadonlyMap<number, number>): Promise<void> {
  for (const [minute, uses] of Map.groupBy(noted, ([, minute]) => minute)) {
    const ids = uses.map(([id]) => id).sort((a, b) => a - b);
    for (const some of chunksOf(ids)) {
      await em.execute(
        `update api_keys set last_used_at = ?
         where id in (${placeholders(some)}) and (last_used_at is null or last_used_at <= ?)`,
        [new Date(minute), ...some, new Date(minute - INTERVAL_MS)],
        'run',
      );
    }
  }
}
