import { hashKey } from '../auth/authenticate-key.ts';
import { generateToken } from '../auth/guest.ts';
import { canSeeGuestToken } from '../auth/permissions.ts';
import { contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { ApiKey, type AttachableRef, ResumableUpload, UploadToken, User } from '../database/entities/index.ts';
import { type PageRequest, pageById } from '../database/page.ts';
import { scanCountOf } from '../database/scans.ts';
import { forUpdate } from '../database/sql.ts';
import { BadUserInputError, NotFoundError } from '../errors.ts';
import { inTransaction } from '../events/in-transaction.ts';
import type { AttachableAccess } from '../workspace/attachable.ts';
import { lockForEdit } from '../workspace/authorize.ts';
import {
  authorizeRevocation,
  canRevokeTokens,
  expiryOf,
  type GuestTokenTransaction,
  type IssuedToken,
  makeRoom,
  visibleTokens,
} from './guest-tokens.ts';

/** The most of each that one token may accept. */
const MAX_FILES = 10_000;
const MAX_TYPES = 20;

export interface UploadTokenInput {
  on: AttachableRef;
  /** For how long it is valid, in seconds. */
  expiresIn: number;
  maxFiles: number;
  maxBytes: number;
  /** Media types such as `application/pdf` or `image/*`; empty for all. */
  contentTypes: readonly string[];
}

/**
 * Creates a token with which anybody uploads to one place, where the viewer may. Only this call
 * returns the token itself. Throws `NotFoundError`, `ForbiddenError`, `BadUserInputError`,
 * `ConflictError`, `UnauthenticatedError`.
 */
export async function createUploadToken(
  request: RequestContext,
  { on, expiresIn, maxFiles, maxBytes, contentTypes }: UploadTokenInput,
): Promise<{ uploadToken: UploadToken; token: string }> {
  if (!(maxFiles >= 1 && maxFiles <= MAX_FILES)) throw new BadUserInputError(`\`maxFiles\` is 1 to ${MAX_FILES}.`);
  if (!(maxBytes >= 1)) throw new BadUserInputError('`maxBytes` is at least 1.');
  const types = contentTypes.map(parseContentType);
  if (types.length > MAX_TYPES) throw new BadUserInputError(`\`contentTypes\` has at most ${MAX_TYPES} items.`);
  const token = generateToken('upload');
  const uploadToken = await inTransaction(contextOf(request), async (tx) => {
    const { em, viewer } = tx;
    await lockForEdit(tx, on);
    await makeRoom(tx, 'upload_tokens');
    const row = em.create(UploadToken, {
      hash: hashKey(token),
      createdBy: em.getReference(User, viewer.userId),
      apiKey: viewer.keyId === undefined ? null : em.getReference(ApiKey, viewer.keyId),
      onType: on.type,
      onId: on.id,
      contentTypes: JSON.stringify(types),
      maxFiles,
      maxBytes,
      createdAt: tx.now(),
      expiresAt: await expiryOf(tx, expiresIn),
      revokedAt: null,
    });
    await em.flush();
    const details = { on: `${on.type}:${on.id}` };
    tx.audit({ action: 'UPLOAD_TOKEN_CREATED', target: `UploadToken:${row.id}`, details });
    return row;
  });
  return { uploadToken, token };
}

/** A media type or a pattern of all its subtypes, in lower case. Throws `BadUserInputError`. */
function parseContentType(text: string): string {
  const type = text.trim().toLowerCase();
  if (/^[a-z0-9][\w!#$&^.+-]{0,126}\/(?:\*|[a-z0-9][\w!#$&^.+-]{0,126})$/.test(type)) return type;
  throw new BadUserInputError('`contentTypes` has media types, as in "application/pdf" or "image/*".');
}

/**
 * Revokes a token at once; one that is revoked already stays as it is. Throws `NotFoundError`,
 * `ForbiddenError`.
 */
export async function revokeUploadToken(request: RequestContext, id: number): Promise<UploadToken> {
  const ctx = contextOf(request);
  const visible = (await findUploadTokens(ctx, [id])).get(id);
  if (!visible) throw new NotFoundError([`UploadToken:${id}`]);
  await authorizeRevocation(ctx, issuedOf(visible));
  return inTransaction(ctx, (tx) => endUploadToken(tx, id), { onFullDisk: true });
}

/** Whether the viewer may revoke each of the tokens, in their order. */
export function canRevokeUploadTokens(request: RequestContext, tokens: readonly UploadToken[]): Promise<boolean[]> {
  return canRevokeTokens(contextOf(request), tokens.map(issuedOf));
}

/**
 * Revokes a token without authorization, in the caller's transaction. Its unfinished uploads
 * expire, so that they no longer count for its creator, and requests that append to them lose their
 * lease, so that these do not extend them. Throws `NotFoundError`.
 */
export async function endUploadToken({ em, now, audit }: GuestTokenTransaction, id: number): Promise<UploadToken> {
  const row = await em.findOne(UploadToken, { id }, forUpdate);
  if (!row) throw new NotFoundError([`UploadToken:${id}`]);
  if (row.revokedAt) return row;
  const at = now();
  row.revokedAt = at;
  await em.flush();
  const ended = { expiresAt: at, lease: null, leasedUntil: null };
  await em.nativeUpdate(ResumableUpload, { uploadToken: id, isFinished: false }, ended);
  const details = { userId: `User:${row.createdBy.id}` };
  audit({ action: 'UPLOAD_TOKEN_REVOKED', target: `UploadToken:${id}`, details });
  return row;
}

/** The tokens among `ids` that the viewer may see, by id. */
export async function findUploadTokens(
  request: RequestContext,
  ids: readonly number[],
): Promise<Map<number, UploadToken>> {
  const ctx = contextOf(request);
  const found = await inChunks(ids, (some) => ctx.em.find(UploadToken, { id: { $in: some } }));
  const visible = await visibleTokens(ctx, found, issuedOf);
  return new Map(visible.map((row) => [row.id, row]));
}

/** The tokens of a user, oldest first; undefined when the viewer may not see them. */
export function uploadTokensOf(request: RequestContext, userId: number) {
  const ctx = contextOf(request);
  if (!canSeeGuestToken(ctx.viewer, userId, undefined)) return undefined;
  return listing(request, { createdBy: userId });
}

/** The tokens of a place, oldest first; undefined when the viewer may not see them. */
export function uploadTokensOn(request: RequestContext, { ref, isEditor }: AttachableAccess) {
  if (!isEditor) return undefined;
  return listing(request, { onType: ref.type, onId: ref.id });
}

function listing(
  request: RequestContext,
  where: { createdBy: number } | { onType: AttachableRef['type']; onId: number },
) {
  const ctx = contextOf(request);
  return {
    page: (page: PageRequest) => pageById(ctx, UploadToken, where, page),
    count: () => scanCountOf(ctx, UploadToken, where),
  };
}

/** The place of a token. */
export const placeOf = ({ onType, onId }: UploadToken): AttachableRef => ({ type: onType, id: onId });

/** The media types that a token accepts; empty for all. */
export const contentTypesOf = ({ contentTypes }: UploadToken): string[] => JSON.parse(contentTypes) as string[];

const issuedOf = (row: UploadToken): IssuedToken => ({ createdBy: row.createdBy.id, on: placeOf(row) });
