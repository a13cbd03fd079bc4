import { type Context, contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import { ApiKey, type KeyScope, User } from '../database/entities/index.ts';
import { type PageRequest, pageById } from '../database/page.ts';
import { scanCountOf } from '../database/scans.ts';
import { BadUserInputError, ForbiddenError, NotFoundError, UnauthenticatedError } from '../errors.ts';
import { inTransaction } from '../events/in-transaction.ts';
import { assertAdministratorRemains, lockAdministrators } from './administrator.ts';
import { addKey, generateKey, keyCreated, keyRevoked } from './authenticate-key.ts';
import { canManageKey, canSeeKey } from './permissions.ts';
import { assertWriteScope } from './require-scope.ts';
import { storeSigningKey } from './signing-keys.ts';
import type { UserTransaction } from './user-state.ts';

export interface KeyInput {
  userId: number;
  name: string;
  scope: KeyScope;
  expiresAt: Date | null;
  /** Whether it is also stored encrypted, for clients that sign requests with it. */
  canSign?: boolean | undefined;
}

/**
 * Creates a key of the viewer or, for administrators, of anybody. It has no wider scope than the
 * viewer's key, and expires no later. Only this call returns the key itself. Throws
 * `NotFoundError`, `ForbiddenError`, `BadUserInputError`, `ConflictError`.
 */
export async function createKey(request: RequestContext, input: KeyInput): Promise<{ apiKey: ApiKey; key: string }> {
  const ctx = contextOf(request);
  assertWriteScope(ctx.viewer);
  if (!(await ctx.em.findOne(User, { id: input.userId }))) throw new NotFoundError([`User:${input.userId}`]);
  if (!canManageKey(ctx.viewer, input)) {
    throw new ForbiddenError(
      ctx.viewer.userId === input.userId
        ? `A key with the scope ${input.scope} is not made with one of the scope ${ctx.viewer.scope}.`
        : 'Only administrators make API keys of others, with an API key of the scope ADMIN.',
    );
  }
  const key = generateKey();
  const apiKey = await inTransaction(ctx, async (tx) => {
    const { em } = tx;
    const now = ctx.now();
    const expiresAt = await expiryOfKey(ctx, em, input.expiresAt);
    const user = await em.findOneOrFail(User, { id: input.userId });
    const row = addKey(em, { ...input, expiresAt, user, key, now });
    await em.flush();
    if (input.canSign) await storeSigningKey(em, ctx.keyEncryptionKey, { id: row.id, userId: user.id, key, now });
    tx.audit(keyCreated(row));
    return row;
  });
  return { apiKey, key };
}

/**
 * When a key expires that is created with the viewer's credentials: no later than those, or an
 * expiring key could create one that never expires. Throws `BadUserInputError` for a later time,
 * `UnauthenticatedError` when the viewer's key was revoked meanwhile.
 */
async function expiryOfKey(ctx: Context, em: EntityManager, requested: Date | null): Promise<Date | null> {
  const end = await latestExpiryOf(ctx, em);
  if (end === null || requested === null) return requested ?? end;
  if (requested > end) {
    const at = end.toISOString();
    throw new BadUserInputError(
      (ctx.viewer.keyId === undefined
        ? `A key made with your token ends at ${at} at the latest. `
        : `The key that you use ends at ${at}, and a key made with it ends no later. `) +
        'Leave out `expiresAt` for the same end, or give an earlier one.',
    );
  }
  return requested;
}

/**
 * A token of an identity provider ends soon, and the provider may refuse the next one. A key that
 * outlives it does so for `jwtKeyMs` at most, which the operator has to allow.
 */
async function latestExpiryOf({ viewer, jwtKeyMs, now }: Context, em: EntityManager): Promise<Date | null> {
  const { keyId, expiresAt } = viewer;
  if (expiresAt !== undefined) return new Date(Math.max(expiresAt.getTime(), now().getTime() + jwtKeyMs));
  if (keyId === undefined) return null;
  const creator = await em.findOne(ApiKey, { id: keyId }, { refresh: true });
  if (!creator || creator.revokedAt) throw new UnauthenticatedError();
  return creator.expiresAt ?? null;
}

/** Whether the viewer may revoke a key. */
export function canRevokeKey(ctx: RequestContext, { user, scope }: Pick<ApiKey, 'user' | 'scope'>): boolean {
  return canManageKey(ctx.viewer, { userId: user.id, scope });
}

/**
 * Revokes a key at once, and ends the subscriptions under it; one that is revoked already stays as
 * it is. Throws `NotFoundError`, `ForbiddenError`, and `ConflictError` for the last key that gives
 * an administrator access.
 */
export async function revokeKey(ctx: RequestContext, id: number): Promise<ApiKey> {
  const apiKey = (await findKeys(ctx, [id])).get(id);
  if (!apiKey) throw new NotFoundError([`ApiKey:${id}`]);
  assertWriteScope(ctx.viewer);
  if (!canRevokeKey(ctx, apiKey)) {
    throw new ForbiddenError(
      `A key with the scope ${ctx.viewer.scope} does not revoke one with the scope ${apiKey.scope}.`,
    );
  }
  return inTransaction(ctx, (tx) => revoke(tx, id), { onFullDisk: true });
}

/**
 * Revokes a key without authorization, in the caller's transaction. Throws `NotFoundError`, and
 * `ConflictError` for the last key that gives an administrator access.
 */
export async function revoke(tx: UserTransaction, id: number): Promise<ApiKey> {
  const { em } = tx;
  await lockAdministrators(em);
  const apiKey = await em.findOne(ApiKey, { id });
  if (!apiKey) throw new NotFoundError([`ApiKey:${id}`]);
  if (apiKey.revokedAt) return apiKey;
  await assertAdministratorRemains(em, tx.now(), { keyId: id });
  apiKey.revokedAt = tx.now();
  tx.emitAccessChange({ userId: apiKey.user.id });
  tx.audit(keyRevoked(apiKey));
  return apiKey;
}

/** The keys among `ids` that exist and that the viewer may see, by id. */
export async function findKeys(request: RequestContext, ids: readonly number[]): Promise<Map<number, ApiKey>> {
  const ctx = contextOf(request);
  const found = await inChunks(ids, (some) => ctx.em.find(ApiKey, { id: { $in: some } }));
  const visible = found.filter((apiKey) => canSeeKey(ctx.viewer, { userId: apiKey.user.id }));
  return new Map(visible.map((apiKey) => [apiKey.id, apiKey]));
}

/**
 * The keys of a user, also revoked and expired ones, oldest first; undefined when the viewer may
 * not see them.
 */
export function keysOf(request: RequestContext, userId: number) {
  const ctx = contextOf(request);
  if (!canSeeKey(ctx.viewer, { userId })) return undefined;
  const where = { user: userId };
  return {
    page: (request: PageRequest) => pageById(ctx, ApiKey, where, request),
    count: () => scanCountOf(ctx, ApiKey, where),
  };
}
