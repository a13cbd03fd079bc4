import type { KeyScope } from '../../database/entities/index.ts';
import { forgetOldest } from '../forget-oldest.ts';

/** The most tokens that are remembered; the one that was used least recently is forgotten. */
const MAX_TOKENS = 10_000;
/**
 * How long a signature counts as checked. After that, a key that its provider has withdrawn does
 * not sign in any more.
 */
const MAX_AGE_MS = 5 * 60_000;

/** What a verified token says. What its user may do is read for each request. */
export interface VerifiedToken {
  userId: number;
  scope: KeyScope;
  /** In milliseconds since 1970. */
  expiresAt: number;
}

/** Recently verified tokens, by their SHA-256: only the bearer has the token itself. */
export class VerifiedTokens {
  readonly #tokens = new Map<string, VerifiedToken & { until: number }>();

  get(digest: string, now: Date): VerifiedToken | undefined {
    const token = this.#tokens.get(digest);
    if (!token) return undefined;
    this.#tokens.delete(digest);
    if (token.until <= now.getTime()) return undefined;
    this.#tokens.set(digest, token);
    return token;
  }

  add(digest: string, token: VerifiedToken, now: Date): void {
    this.#tokens.set(digest, { ...token, until: Math.min(token.expiresAt, now.getTime() + MAX_AGE_MS) });
    forgetOldest(this.#tokens, MAX_TOKENS);
  }
}
