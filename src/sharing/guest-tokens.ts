import { canRevokeGuestToken, canSeeGuestToken } from '../auth/permissions.ts';
import { assertWriteScope } from '../auth/require-scope.ts';
import type { Context } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import { ApiKey, type AttachableRef } from '../database/entities/index.ts';
import { lockRows } from '../database/sql.ts';
import { BadUserInputError, ConflictError, ForbiddenError, UnauthenticatedError } from '../errors.ts';
import type { TransactionContext } from '../events/in-transaction.ts';
import { topicOf } from '../events/topic.ts';
import { loadAttachables } from '../workspace/attachable.ts';

/** What upload tokens and share links have in common. */

/** How long either may be valid, in seconds: a minute to 90 days. */
const MIN_SECONDS = 60;
const MAX_SECONDS = 90 * 24 * 60 * 60;

/** Of one user, tokens of a kind that are valid at the same time. */
const MAX_VALID = 10_000;
/** Of one user, rows of a kind. Beyond that, those that have ended are deleted. */
const MAX_ROWS = 20_000;
/** For how many days the row of a token is listed after it has expired. */
const KEPT_DAYS = 30;

/** The transaction in which a token ends: that of a request, or of a command of the operator. */
export type GuestTokenTransaction = Pick<TransactionContext, 'em' | 'now' | 'audit'>;

const tables = ['upload_tokens', 'share_links'] as const;
export type GuestTable = (typeof tables)[number];

/**
 * When a token ends that is created now: no later than the key of the request, or an expiring key
 * would create access that outlives it. Throws `BadUserInputError`, and `UnauthenticatedError` when
 * the key was revoked meanwhile.
 */
export async function expiryOf({ em, viewer, now }: Context, seconds: number): Promise<Date> {
  if (!(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS))
    throw new BadUserInputError(`\`expiresIn\` is ${MIN_SECONDS} to ${MAX_SECONDS} seconds (90 days).`);
  const expiresAt = new Date(now().getTime() + seconds * 1000);
  if (viewer.keyId === undefined) return expiresAt;
  const key = await em.findOne(ApiKey, { id: viewer.keyId }, { refresh: true });
  if (!key || key.revokedAt) throw new UnauthenticatedError();
  if (key.expiresAt && key.expiresAt < expiresAt)
    throw new BadUserInputError(
      `The key that you use ends at ${key.expiresAt.toISOString()}, and what is made with it ends no later.`,
    );
  return expiresAt;
}

/**
 * Keeps the number of rows of the viewer within its limits, in the transaction that inserts one.
 * Throws `ConflictError` for too many valid ones.
 */
export async function makeRoom({ em, viewer, now }: Context, table: GuestTable): Promise<void> {
  // Concurrent calls for one user count one after the other.
  await lockRows(em, 'users', [viewer.userId], 'no key update');
  const [counts]: { total: number | string; valid: number | string }[] = await em.execute(
    `select count(*) as total, count(case when revoked_at is null and expires_at > ? then 1 end) as valid
     from ${table} where created_by_id = ?`,
    [now(), viewer.userId],
  );
  if (Number(counts?.valid) >= MAX_VALID)
    throw new ConflictError(`You have ${MAX_VALID} of these that are valid. Revoke some first.`);
  if (Number(counts?.total) >= MAX_ROWS) await deleteEnded(em, table, now(), viewer.userId);
}

/**
 * Deletes the rows of tokens that expired `KEPT_DAYS` ago, revoked or not, and those of downloads
 * that no request continues.
 */
export async function deleteExpiredTokens(em: EntityManager, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_DAYS * 24 * 60 * 60 * 1000);
  for (const table of tables)
    await em.execute(`delete from ${table} as t where t.expires_at < ? ${isUnused(table)}`, [before]);
  await em.execute('delete from share_downloads where expires_at < ?', [now]);
}

/** Deletes the rows of tokens of a user that have ended. */
async function deleteEnded(em: EntityManager, table: GuestTable, now: Date, userId: number): Promise<void> {
  const hasEnded = '(t.expires_at <= ? or t.revoked_at <= ?)';
  const sql = `delete from ${table} as t where t.created_by_id = ? and ${hasEnded} ${isUnused(table)}`;
  await em.execute(sql, [userId, now, now]);
}

/** Tokens with unfinished uploads stay until these have expired. */
const isUnused = (table: GuestTable): string =>
  table === 'upload_tokens' ? 'and not exists (select 1 from resumable_uploads u where u.upload_token_id = t.id)' : '';

/** Whose token it is, and for which place; without a place, for one file. */
export interface IssuedToken {
  createdBy: number;
  on: AttachableRef | undefined;
}

/** Those of the tokens that the viewer may see. */
export async function visibleTokens<Token>(
  ctx: Context,
  tokens: readonly Token[],
  issuedOf: (token: Token) => IssuedToken,
): Promise<Token[]> {
  const places = await loadAttachables(
    ctx,
    tokens.flatMap((token) => issuedOf(token).on ?? []),
  );
  return tokens.filter((token) => {
    const { createdBy, on } = issuedOf(token);
    return canSeeGuestToken(ctx.viewer, createdBy, on && places.get(topicOf(on)));
  });
}

/** Whether the viewer may revoke each of the tokens, in their order. */
export async function canRevokeTokens(ctx: Context, tokens: readonly IssuedToken[]): Promise<boolean[]> {
  const places = await loadAttachables(
    ctx,
    tokens.flatMap(({ on }) => on ?? []),
  );
  return tokens.map(({ createdBy, on }) => canRevokeGuestToken(ctx.viewer, createdBy, on && places.get(topicOf(on))));
}

/**
 * Throws `ForbiddenError` for all but the creator, those who manage the place, and administrators.
 */
export async function authorizeRevocation(ctx: Context, token: IssuedToken): Promise<void> {
  assertWriteScope(ctx.viewer);
  const [canRevoke] = await canRevokeTokens(ctx, [token]);
  if (!canRevoke)
    throw new ForbiddenError('Only its creator, an owner of the place and administrators may revoke this.');
}
