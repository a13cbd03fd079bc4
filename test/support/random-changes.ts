import { codeOf, type Endpoint } from './client.ts';
import { attachQuery, detachQuery, moveQuery, removeQuery, tryUploadFiles, updateQuery } from './files.ts';

/** Pseudo-random numbers from 0 to below 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    // https://en.wikipedia.org/wiki/Linear_congruential_generator
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface ChangeOptions {
  key: string;
  seed: number;
  changes: number;
  places: readonly string[];
  /** Ids of existing files; ids of new files are appended. */
  known: string[];
}

/**
 * Makes random changes as one user, and ignores errors that a race with other users explains.
 * Returns the codes of all other errors.
 */
export async function changeAtRandom(server: Endpoint, options: ChangeOptions): Promise<string[]> {
  const { key, seed, changes, places, known } = options;
  const random = randomOf(seed);
  const pick = <T>(some: readonly T[]) => some[Math.floor(random() * some.length)] as T;
  const upload = async (parentId?: string) => {
    const names = Array.from({ length: 1 + Math.floor(random() * 2) }, () => `of ${seed}: ${random()}`);
    const about = { available: random() < 0.6, ...(parentId === undefined ? {} : { parentId }) };
    const { data, errors } = await tryUploadFiles(server, parentId ? null : pick(places), names, about, key);
    known.push(...(data?.result.files.map((file) => file.id) ?? []));
    return errors?.[0]?.extensions.code;
  };
  const change = async (): Promise<string | undefined> => {
    const chance = random();
    const fileId = pick(known);
    const fileIds = [fileId];
    if (!fileId || chance < 0.25) return upload();
    if (chance < 0.4) return upload(fileId);
    if (chance < 0.6) {
      const input = pick([
        { fileId, available: random() < 0.5 },
        { fileId, name: `renamed by ${seed}: ${random()}` },
        { fileId, status: pick(['APPROVED', 'PENDING', 'REQUIRED', null]) },
      ]);
      return codeOf(server, updateQuery, { input }, key);
    }
    if (chance < 0.7) return codeOf(server, attachQuery(pick(places)), { fileIds }, key);
    if (chance < 0.8) return codeOf(server, detachQuery, { from: pick(places), fileIds }, key);
    if (chance < 0.9) return codeOf(server, moveQuery, { from: pick(places), to: pick(places), fileIds }, key);
    return codeOf(server, removeQuery, { fileId, onlyThisVersion: random() < 0.7 }, key);
  };
  const odd: string[] = [];
  for (let count = 0; count < changes; count++) {
    const code = await change();
    if (code && !['NOT_FOUND', 'BAD_USER_INPUT', 'CONFLICT', 'FORBIDDEN'].includes(code)) odd.push(code);
  }
  return odd;
}
