import type { Context } from '../../context.ts';

/**
 * After how many milliseconds an upload without any byte expires. It reserves its whole length, and
 * costs its client nothing. Direct uploads are exempt, because their bytes do not pass through this
 * server.
 */
const EMPTY_UPLOAD_MS = 15 * 60_000;

/** When an upload expires that has received no byte. */
export const emptyExpiryOf = ({ now, limits }: Pick<Context, 'now' | 'limits'>): Date =>
  new Date(now().getTime() + Math.min(limits.unfinishedMs, EMPTY_UPLOAD_MS));

/** When an upload expires that receives bytes now, unless it receives more. */
export const expiryOf = ({ now, limits }: Pick<Context, 'now' | 'limits'>): Date =>
  new Date(now().getTime() + limits.unfinishedMs);
