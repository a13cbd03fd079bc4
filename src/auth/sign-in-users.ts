import DataLoader from 'dataloader';
import { inChunks } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import type { User } from '../database/entities/index.ts';
import { placeholders } from '../database/rows.ts';
import { TokenExpiredError, UnauthenticatedError } from '../errors.ts';
import type { Viewer } from './permissions.ts';

/** Whether a user may sign in, by any credentials. Removed users are disabled, too. */
export const canSignIn = (user: Pick<User, 'disabledAt'>): boolean => user.disabledAt == null;

/** The same as a condition in SQL on a row `u` of `users`. */
export const CAN_SIGN_IN = 'u.disabled_at is null';

/** A user who may sign in. */
export interface SignInUser {
  isAdmin: boolean;
}

/**
 * The users among `ids` who may sign in now, by id. Every request with a token reads this: entities
 * would be too slow.
 */
async function signInUsers(em: EntityManager, ids: readonly number[]): Promise<Map<number, SignInUser>> {
  const rows = await inChunks(ids, (some) =>
    em.execute<{ id: number; isAdmin: boolean | number }[]>(
      `select u.id, u.is_admin as "isAdmin" from users u where ${CAN_SIGN_IN} and u.id in (${placeholders(some)})`,
      [...some],
      { connectionType: 'read' },
    ),
  );
  return new Map(rows.map(({ id, isAdmin }) => [id, { isAdmin: !!isAdmin }]));
}

/** Reads users one by one. Concurrent calls share their queries. */
export function createSignInUserLookup(em: () => EntityManager): (id: number) => Promise<SignInUser | undefined> {
  const loader = new DataLoader<number, SignInUser | undefined>(
    async (ids) => {
      const found = await signInUsers(em(), [...new Set(ids)]);
      return ids.map((id) => found.get(id));
    },
    { cache: false, maxBatchSize: 500, batchScheduleFn: (run) => setImmediate(run) },
  );
  return (id) => loader.load(id);
}

/**
 * The viewer of a token with its current rights. The server itself has neither a key nor a token,
 * and keeps its rights. Throws `TokenExpiredError` and `UnauthenticatedError`.
 */
export async function refreshTokenViewer(em: EntityManager, viewer: Viewer, now: Date): Promise<Viewer> {
  const { userId, expiresAt } = viewer;
  if (expiresAt === undefined) return viewer;
  if (expiresAt <= now) throw new TokenExpiredError();
  const current = await viewerOfUser(em, userId, viewer.scope);
  if (!current) throw new UnauthenticatedError();
  return { ...viewer, ...current };
}

/**
 * The current rights of a user, for credentials that belong to no key; undefined without sign-in.
 */
export async function viewerOfUser(
  em: EntityManager,
  userId: number,
  scope: Viewer['scope'],
): Promise<Viewer | undefined> {
  const user = (await signInUsers(em, [userId])).get(userId);
  return user && { userId, isAdmin: user.isAdmin, scope };
}
