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
