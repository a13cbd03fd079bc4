import { hashKey } from '../auth/authenticate-key.ts';
import { generateToken } from '../auth/guest.ts';
import { hashPassword } from '../auth/password.ts';
import { canChangeFile, canSeeGuestToken } from '../auth/permissions.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import { ApiKey, type AttachableRef, File, ShareLink, User } from '../database/entities/index.ts';
import { type PageRequest, pageById } from '../database/page.ts';
import { placeholders, type Row, rowsWhere } from '../database/rows.ts';
import { scanCountOf } from '../database/scans.ts';
import { type FilterQuery, forUpdate } from '../database/sql.ts';
import { BadUserInputError, ForbiddenError, NotFoundError } from '../errors.ts';
import { inTransaction } from '../events/in-transaction.ts';
import { getFile, loadFileAccess, permissionFactsOf } from '../files/load-files.ts';
import type { AttachableAccess } from '../workspace/attachable.ts';
import { authorizeEdit, lockForEdit } from '../workspace/authorize.ts';
import {
  authorizeRevocation,
  canRevokeTokens,
  expiryOf,
  type GuestTokenTransaction,
  type IssuedToken,
  makeRoom,
  visibleTokens,
} from './guest-tokens.ts';

export interface ShareLinkInput {
  /** The place whose files are shared; or else `fileId`. */
  on?: AttachableRef | undefined;
  /** Any version of the file that is shared. */
  fileId?: number | undefined;
  /** The heading that guests see. */
  name: string;
  /** For how long it is valid, in seconds. */
  expiresIn: number;
  password?: string | undefined;
  /** How often its files may be downloaded; unlimited unless given. */
  maxDownloads?: number | undefined;
}

/** The largest `maxDownloads`. */
const MAX_DOWNLOADS = 100_000;

/**
 * Creates a link with which anybody reads the files of a place that the viewer may edit, or one
 * file that the viewer may change. Only this call returns its token. Throws `NotFoundError`,
 * `ForbiddenError`, `BadUserInputError`, `ConflictError`, `UnauthenticatedError`,
 * `RateLimitedError`.
 */
export async function createShareLink(
  request: RequestContext,
  { on, fileId, name, expiresIn, password, maxDownloads }: ShareLinkInput,
): Promise<{ shareLink: ShareLink; token: string }> {
  const ctx = contextOf(request);
  if ((on === undefined) === (fileId === undefined)) throw new BadUserInputError('Give either `on` or `fileId`.');
  if (maxDownloads !== undefined && !(maxDownloads >= 1 && maxDownloads <= MAX_DOWNLOADS))
    throw new BadUserInputError(`\`maxDownloads\` is 1 to ${MAX_DOWNLOADS}.`);
  // Rights before the slow hash.
  const versionGroup = fileId === undefined ? null : await versionGroupToShare(ctx, fileId);
  if (on) await authorizeEdit(ctx, on);
  const passwordHash = password === undefined ? null : await hashPassword(password);
  const token = generateToken('share');
  const shareLink = await inTransaction(ctx, async (tx) => {
    const { em, viewer } = tx;
    if (on) await lockForEdit(tx, on);
    await makeRoom(tx, 'share_links');
    const row = em.create(ShareLink, {
      hash: hashKey(token),
      createdBy: em.getReference(User, viewer.userId),
      apiKey: viewer.keyId === undefined ? null : em.getReference(ApiKey, viewer.keyId),
      name,
      onType: on?.type ?? null,
      onId: on?.id ?? null,
      versionGroup,
      passwordHash,
      maxDownloads: maxDownloads ?? null,
      createdAt: tx.now(),
      expiresAt: await expiryOf(tx, expiresIn),
      revokedAt: null,
    });
    await em.flush();
    const details = on ? { on: `${on.type}:${on.id}` } : { file: `File:${fileId}` };
    tx.audit({ action: 'SHARE_LINK_CREATED', target: `ShareLink:${row.id}`, details });
    return row;
  });
  return { shareLink, token };
}

/** A link shows the newest version, so the right to change that one counts. */
async function versionGroupToShare(ctx: Context, fileId: number): Promise<string> {
  const { versionGroup } = await getFile(ctx, fileId);
  const newest = await rowsWhere(ctx.em, File, 't.version_group = ? and t.is_newest = ?', [versionGroup, true]);
  for (const { file, rights } of (
    await loadFileAccess(
      ctx,
      newest.map(({ id }) => id),
    )
  ).values())
    if (canChangeFile(ctx.viewer, permissionFactsOf(file), rights)) return versionGroup;
  throw new ForbiddenError(`You may see File:${fileId}, but not share it. Ask for the right to change it.`);
}

/**
 * Revokes a link at once, with the URLs of its files; one that is revoked already stays as it is.
 * Throws `NotFoundError`, `ForbiddenError`.
 */
export async function revokeShareLink(request: RequestContext, id: number): Promise<ShareLink> {
  const ctx = contextOf(request);
  const visible = (await findShareLinks(ctx, [id])).get(id);
  if (!visible) throw new NotFoundError([`ShareLink:${id}`]);
  await authorizeRevocation(ctx, (await issuerOf(ctx.em, [visible]))(visible));
  return inTransaction(ctx, (tx) => endShareLink(tx, id), { onFullDisk: true });
}

/** Whether the viewer may revoke each of the links, in their order. */
export async function canRevokeShareLinks(request: RequestContext, links: readonly ShareLink[]): Promise<boolean[]> {
  const ctx = contextOf(request);
  return canRevokeTokens(ctx, links.map(await issuerOf(ctx.em, links)));
}

/** Revokes a link without authorization, in the caller's transaction. Throws `NotFoundError`. */
export async function endShareLink({ em, now, audit }: GuestTokenTransaction, id: number): Promise<ShareLink> {
  const row = await em.findOne(ShareLink, { id }, forUpdate);
  if (!row) throw new NotFoundError([`ShareLink:${id}`]);
  if (row.revokedAt) return row;
  row.revokedAt = now();
  await em.flush();
  const details = { userId: `User:${row.createdBy.id}` };
  audit({ action: 'SHARE_LINK_REVOKED', target: `ShareLink:${id}`, details });
  return row;
}

/** The links among `ids` that the viewer may see, by id. */
export async function findShareLinks(request: RequestContext, ids: readonly number[]): Promise<Map<number, ShareLink>> {
  const ctx = contextOf(request);
  const found = await inChunks(ids, (some) => ctx.em.find(ShareLink, { id: { $in: some } }));
  const visible = await visibleTokens(ctx, found, await issuerOf(ctx.em, found));
  return new Map(visible.map((row) => [row.id, row]));
}

/** The links of a user, oldest first; undefined when the viewer may not see them. */
export function shareLinksOf(request: RequestContext, userId: number) {
  const ctx = contextOf(request);
  return canSeeGuestToken(ctx.viewer, userId, undefined) ? listing(ctx, { createdBy: userId }) : undefined;
}

/** The links of a place, oldest first; undefined when the viewer may not see them. */
export function shareLinksOn(request: RequestContext, { ref, isEditor }: AttachableAccess) {
  return isEditor ? listing(contextOf(request), { onType: ref.type, onId: ref.id }) : undefined;
}

/**
 * The links of a file, oldest first: all when `seesAll`, as for the files of
 * `filesWithVisibleLinks`; for other uploaders those of their own; undefined for everybody else.
 */
export function shareLinksOfFile(request: RequestContext, file: Row<File>, seesAll: boolean) {
  const ctx = contextOf(request);
  const { userId } = ctx.viewer;
  const { versionGroup } = file;
  if (seesAll) return listing(ctx, { versionGroup });
  return file.createdBy.id === userId ? listing(ctx, { versionGroup, createdBy: userId }) : undefined;
}

/** Those of the files all of whose links the viewer sees: the viewer edits their primary places. */
export async function filesWithVisibleLinks(request: RequestContext, ids: readonly number[]): Promise<Set<number>> {
  const { viewer } = contextOf(request);
  const found = [...(await loadFileAccess(request, ids))];
  return new Set(found.filter(([, { rights }]) => viewer.isAdmin || rights.primary === 'EDITED').map(([id]) => id));
}

const listing = (ctx: Context, where: FilterQuery<ShareLink>) => ({
  page: (page: PageRequest) => pageById(ctx, ShareLink, where, page),
  count: () => scanCountOf(ctx, ShareLink, where),
});

/** The place of a link; undefined for the link of one file. */
export const placeOf = ({ onType, onId }: ShareLink): AttachableRef | undefined =>
  onType && onId ? { type: onType, id: onId } : undefined;

/** Whose the links are, and for which places: those of files for their primary places. */
async function issuerOf(em: EntityManager, links: readonly ShareLink[]): Promise<(link: ShareLink) => IssuedToken> {
  type Primary = { group: string; type: AttachableRef['type']; id: number };
  const groups = links.flatMap(({ versionGroup }) => versionGroup ?? []);
  const primaries = await inChunks(groups, (some) =>
    em.execute<Primary[]>(
      `select f.version_group as "group", a.on_type as type, a.on_id as id
       from files f join attachments a on a.file_id = f.id and a.is_primary = true
       where f.version_group in (${placeholders(some)})`,
      some,
    ),
  );
  const places = new Map(primaries.map(({ group, type, id }) => [group, { type, id }]));
  return (link) => ({ createdBy: link.createdBy.id, on: placeOf(link) ?? places.get(link.versionGroup ?? '') });
}
