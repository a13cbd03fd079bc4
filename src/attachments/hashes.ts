import { createHash, type Hash } from 'node:crypto';

/** Uploads whose hash is kept. For others, all that came is read again at their end. */
const MOST = 1000;

const hashes = new Map<string, { position: number; hash: Hash }>();

/** The SHA-256 of what came of an upload so far, to go on with; undefined when this server has not seen all of it. */
export function takeHash(id: string, position: number): Hash | undefined {
  if (position === 0) return createHash('sha256');
  const kept = hashes.get(id);
  hashes.delete(id);
  return kept?.position === position ? kept.hash : undefined;
}

export function keepHash(id: string, position: number, hash: Hash): void {
  hashes.set(id, { position, hash });
  const [oldest] = hashes.keys();
  if (hashes.size > MOST && oldest !== undefined) hashes.delete(oldest);
}
