import { hash } from 'node:crypto';
import type { AuditEntry } from '../../audit/audit-entry.ts';
import { writeAudit } from '../../audit/write-audit.ts';
import type { Client, JwtProvider } from '../../context.ts';
import type { EntityManager } from '../../database/database.ts';
import { named, User, UserIdentity } from '../../database/entities/index.ts';
import { forUpdate } from '../../database/sql.ts';
import { transact } from '../../database/transaction.ts';
import { UnauthenticatedError } from '../../errors.ts';
import { accessEntry, appendToLog } from '../../events/log-writer.ts';
import { doesAdministratorRemain, lockAdministrators, userCreated } from '../administrator.ts';
import { canSignIn } from '../sign-in-users.ts';
import type { Identity } from './claims.ts';
import { storedSubjects } from './erased-subject.ts';
import { rolesOfGroups, syncProjectRoles } from './project-roles.ts';

/**
 * Returns the user of an identity. At the first token of a subject, the user is created or found as
 * the provider permits. Later, only a token that is newer than the last one, and says something
 * else, changes the user: other requests read one row. Throws `UnauthenticatedError` for a subject
 * without a user. `onAccessChange` is called after rights were changed.
 */
export async function userOfIdentity(
  em: EntityManager,
  provider: JwtProvider,
  identity: Identity,
  { now, onAccessChange, client }: { now: Date; onAccessChange(): void; client: Client | undefined },
): Promise<number> {
  const { issuer, subject, issuedAt } = identity;
  const claimsHash = hashOf(provider, identity);
  const [known] = await em.execute<{ userId: number; claimsHash: string; claimsAt: number | string }[]>(
    `select user_id as "userId", claims_hash as "claimsHash", claims_at as "claimsAt"
     from user_identities where issuer = ? and subject in (?, ?)`,
    [issuer, ...storedSubjects(issuer, subject)],
  );
  if (known && Number(known.claimsAt) >= issuedAt) return known.userId;
  if (known?.claimsHash === claimsHash) {
    // The newest time counts: a token from between two equal ones changes nothing.
    await em.execute('update user_identities set claims_at = ? where issuer = ? and subject = ? and claims_at < ?', [
      ...[issuedAt, issuer, subject, issuedAt],
    ]);
    return known.userId;
  }
  const { userId, changesAccess } = await transact(em, (tx) =>
    sync(tx, { provider, identity, claimsHash, now, client }),
  );
  if (changesAccess) onAccessChange();
  return userId;
}

/** Everything that is copied from a token, with the settings that it is copied by. */
function hashOf(provider: JwtProvider, identity: Identity): string {
  const { displayName, email, avatarUrl, groups } = identity;
  const roles = [...rolesOfGroups(provider, groups)].sort(([a], [b]) => a - b);
  return hash('sha256', JSON.stringify([displayName, email, avatarUrl, isAdminBy(provider, identity), roles]), 'hex');
}

/** Whether the groups of an identity make its user an administrator. */
export const isAdminBy = ({ adminGroups }: JwtProvider, { groups }: Identity): boolean =>
  adminGroups.some((group) => groups.has(group));

interface Sync {
  provider: JwtProvider;
  identity: Identity;
  claimsHash: string;
  now: Date;
  /** Who sent the token. */
  client: Client | undefined;
}

async function sync(em: EntityManager, options: Sync): Promise<{ userId: number; changesAccess: boolean }> {
  const { provider, identity, claimsHash, now, client } = options;
  const { issuer, subject, issuedAt } = identity;
  const known = await em.findOne(UserIdentity, { issuer, subject: storedSubjects(issuer, subject) }, forUpdate);
  if (known && known.claimsAt >= issuedAt) return { userId: known.user.id, changesAccess: false };
  const audited: AuditEntry[] = [];
  // Before the user, as wherever both are locked.
  if (known?.isAdmin && !isAdminBy(provider, identity)) await lockAdministrators(em);
  const row = known ?? (await addIdentity(em, options, audited));
  const user = await em.findOneOrFail(User, { id: row.user.id }, forUpdate);
  // A removed user must not get a profile again.
  if (!canSignIn(user)) return { userId: user.id, changesAccess: false };
  await syncProfile(em, user, identity);
  const isAdminChanged = await syncAdmin(em, { user, row, isAdmin: isAdminBy(provider, identity), now });
  const { isAdmin } = user;
  if (isAdminChanged)
    audited.push({ action: 'USER_UPDATED', target: `User:${user.id}`, details: { fields: 'isAdmin', isAdmin } });
  const memberships = await syncProjectRoles(em, row, rolesOfGroups(provider, identity.groups));
  audited.push(...memberships);
  Object.assign(row, { claimsHash, claimsAt: issuedAt });
  await em.flush();
  await writeAudit(em, now, { via: 'IDENTITY_PROVIDER', actorId: null, client }, audited);
  const changesAccess = isAdminChanged || memberships.length > 0;
  if (changesAccess) await appendToLog(em, [accessEntry(now, { userId: user.id })]);
  return { userId: user.id, changesAccess };
}

/** The state of an identity of which no token was seen. */
export const NOTHING_COPIED = { claimsHash: '', claimsAt: 0, isAdmin: false, projectRoles: '{}' };

async function addIdentity(
  em: EntityManager,
  { provider, identity, now }: Sync,
  audited: AuditEntry[],
): Promise<UserIdentity> {
  const linked = await userToLink(em, provider, identity);
  const user = linked ?? createUser(em, provider, identity, now);
  await em.flush();
  const { issuer, subject } = identity;
  const target = `User:${user.id}`;
  audited.push(linked ? { action: 'IDENTITY_LINKED', target, details: { issuer } } : userCreated(user));
  return em.create(UserIdentity, { user, issuer, subject, ...NOTHING_COPIED, createdAt: now });
}

/**
 * The user with the verified email address. Never an administrator: at a provider that hands out
 * an address again, its next holder would become one. Nor a user whom another subject of the issuer
 * signs in as.
 */
async function userToLink(
  em: EntityManager,
  { linkByEmail }: JwtProvider,
  { email, issuer }: Identity,
): Promise<User | undefined> {
  if (!linkByEmail || email === undefined) return undefined;
  const user = await em.findOne(User, { email, isAdmin: false, isService: false, disabledAt: null });
  if (!user || (await em.count(UserIdentity, { user: user.id, issuer })) > 0) return undefined;
  return user;
}

function createUser(em: EntityManager, { createUsers }: JwtProvider, identity: Identity, now: Date): User {
  if (!createUsers) throw new UnauthenticatedError('The token is valid, but this server has no user for its subject.');
  const displayName = identity.displayName ?? identity.email ?? identity.subject;
  const empty = { title: '', email: null, avatarUrl: null, profileUrl: null, isAdmin: false };
  return em.create(User, { ...empty, ...named(displayName), createdAt: now });
}

/** An email address that another user has is left to that user: it must not prevent a sign-in. */
async function syncProfile(em: EntityManager, user: User, { displayName, email, avatarUrl }: Identity): Promise<void> {
  if (displayName !== undefined) Object.assign(user, named(displayName));
  if (avatarUrl !== undefined) user.avatarUrl = avatarUrl;
  if (email === undefined || email === user.email) return;
  if ((await em.count(User, { email })) === 0) user.email = email;
}

/**
 * Makes the user an administrator while a group says so. An administrator whom a person appointed
 * remains one, and so does the last one who can sign in with a key.
 */
async function syncAdmin(
  em: EntityManager,
  { user, row, isAdmin, now }: { user: User; row: UserIdentity; isAdmin: boolean; now: Date },
): Promise<boolean> {
  const isGiven = isAdmin && !user.isAdmin;
  const isWithdrawn = !isAdmin && row.isAdmin;
  if (!isGiven && !isWithdrawn) return false;
  if (isWithdrawn && !(await doesAdministratorRemain(em, now, { userId: user.id }))) return false;
  row.isAdmin = isAdmin;
  user.isAdmin = isAdmin;
  return true;
}
