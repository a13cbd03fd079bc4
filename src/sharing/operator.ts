import { asOperator } from '../auth/operator.ts';
import type { EntityManager } from '../database/database.ts';
import { ShareLink, UploadToken } from '../database/entities/index.ts';
import { endShareLink } from './share-links.ts';
import { endUploadToken } from './upload-tokens.ts';

/** The commands of the operator on tokens of guests. They need no authorization. */

/** The upload tokens that a user created, also those that have ended, oldest first. */
export const allUploadTokensOf = (em: EntityManager, userId: number): Promise<UploadToken[]> =>
  em.find(UploadToken, { createdBy: userId }, { orderBy: { id: 'asc' } });

/** The share links that a user created, also those that have ended, oldest first. */
export const allShareLinksOf = (em: EntityManager, userId: number): Promise<ShareLink[]> =>
  em.find(ShareLink, { createdBy: userId }, { orderBy: { id: 'asc' } });

/** Revokes an upload token at once. Throws `NotFoundError`. */
export async function revokeUploadTokenById(em: EntityManager, id: number): Promise<void> {
  await asOperator(em, (tx) => endUploadToken(tx, id));
}

/** Revokes a share link at once. Throws `NotFoundError`. */
export async function revokeShareLinkById(em: EntityManager, id: number): Promise<void> {
  await asOperator(em, (tx) => endShareLink(tx, id));
}

/** Revokes the upload tokens that a user created, and returns how many of them were valid. */
export const revokeUploadTokensOf = async (em: EntityManager, userId: number): Promise<number> =>
  revokeValid(await allUploadTokensOf(em, userId), (id) => revokeUploadTokenById(em, id));

/** Revokes the share links that a user created, and returns how many of them were valid. */
export const revokeShareLinksOf = async (em: EntityManager, userId: number): Promise<number> =>
  revokeValid(await allShareLinksOf(em, userId), (id) => revokeShareLinkById(em, id));

/** One by one: a user has up to 10,000, and requests to the server do not wait for all of them. */
async function revokeValid(
  all: readonly Pick<ShareLink, 'id' | 'revokedAt' | 'expiresAt'>[],
  revoke: (id: number) => Promise<void>,
): Promise<number> {
  const valid = all.filter(({ revokedAt, expiresAt }) => !revokedAt && expiresAt > new Date());
  for (const { id } of valid) await revoke(id);
  return valid.length;
}
