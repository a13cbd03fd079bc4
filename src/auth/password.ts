import { hash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { BadUserInputError, RateLimitedError, UnauthenticatedError } from '../errors.ts';
import { forgetOldest } from './forget-oldest.ts';

/** Passwords of share links. People choose them, so their hash is slow: scrypt, RFC 7914. */

/** 2¹⁵ blocks of 1 KiB: 32 MiB, and about a tenth of a second. */
const LOG_COST = 15;
const BLOCK_SIZE = 8;
const MAX_MEMORY = 64 * 1024 * 1024;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** In characters. */
const MIN_LENGTH = 8;
const MAX_LENGTH = 200;

/** Hashes that run at once, in threads that also serve the disk, and those that wait. */
const MAX_RUNNING = 2;
const MAX_WAITING = 100;

/** Salt and hash of a password. Throws `BadUserInputError`, `RateLimitedError`. */
export async function hashPassword(password: string): Promise<string> {
  const { length } = [...password];
  if (length < MIN_LENGTH || length > MAX_LENGTH)
    throw new BadUserInputError(`A password has ${MIN_LENGTH} to ${MAX_LENGTH} characters.`);
  const salt = randomBytes(SALT_BYTES);
  const hash = await slowHash(password, salt);
  return `scrypt.${LOG_COST}.${salt.toString('base64url')}.${hash.toString('base64url')}`;
}

/** Throws `UnauthenticatedError` for another password, and `RateLimitedError`. */
export async function assertPassword(password: string, stored: string): Promise<void> {
  const [, , salt = '', expected = ''] = stored.split('.');
  const isPossible = [...password.slice(0, 2 * MAX_LENGTH + 1)].length <= MAX_LENGTH;
  const found = isPossible && (await slowHash(password, Buffer.from(salt, 'base64url')));
  if (!found || !timingSafeEqual(found, Buffer.from(expected, 'base64url')))
    throw new UnauthenticatedError('The password of this share link is wrong.');
}

/** How long, and of how many, a correct password is remembered. */
const REMEMBERED_MS = 10 * 60_000;
const MAX_REMEMBERED = 1000;

/**
 * Remembers the digests of correct passwords, and lets requests that are under way with the same
 * one share its check: bearers of one link cannot use up the checks of the others.
 */
export class CheckedPasswords {
  readonly #until = new Map<string, number>();
  readonly #pending = new Map<string, Promise<unknown>>();

  /** Runs `check`, unless it succeeded recently for the same credentials. */
  async once(credentials: string, check: () => Promise<unknown>): Promise<void> {
    const digest = hash('sha256', credentials, 'base64');
    if ((this.#until.get(digest) ?? 0) > Date.now()) return;
    const running = this.#pending.get(digest) ?? check().finally(() => this.#pending.delete(digest));
    this.#pending.set(digest, running);
    await running;
    this.#until.delete(digest);
    this.#until.set(digest, Date.now() + REMEMBERED_MS);
    forgetOldest(this.#until, MAX_REMEMBERED);
  }
}

let running = 0;
const waiting: (() => void)[] = [];

async function slowHash(password: string, salt: Buffer): Promise<Buffer> {
  if (waiting.length >= MAX_WAITING)
    throw new RateLimitedError('Too many passwords are being checked. Try again in some seconds.', 5);
  if (running < MAX_RUNNING) running += 1;
  // Resolves in the place of one that ends.
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await new Promise((resolve, reject) => {
      const options = { cost: 2 ** LOG_COST, blockSize: BLOCK_SIZE, parallelization: 1, maxmem: MAX_MEMORY };
      // The same password in another Unicode form is the same password.
      const text = password.normalize('NFC');
      scrypt(text, salt, HASH_BYTES, options, (error, hash) => (error ? reject(error) : resolve(hash)));
    });
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
