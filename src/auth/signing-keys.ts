import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { EntityManager } from '../database/database.ts';
import type { KeyScope } from '../database/entities/index.ts';
import { lockRows } from '../database/sql.ts';
import { ConflictError, UnauthenticatedError } from '../errors.ts';
import type { Viewer } from './permissions.ts';
import { CAN_SIGN_IN } from './sign-in-users.ts';

/**
 * Keys that clients sign requests with, instead of sending them. To verify a signature the server
 * needs the key itself, so these keys, and no others, are stored encrypted beside their hash.
 */

/**
 * Signing keys of one user that work at the same time, so that no user takes all of
 * `MAX_SIGNING_KEYS`.
 */
const MAX_SIGNING_KEYS_PER_USER = 5;

/**
 * Signing keys of all users that work at the same time. The server tries one key after the other,
 * and anybody may send a signature, so this bounds the cost of a call without valid credentials.
 */
const MAX_SIGNING_KEYS = 200;

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The key that encrypts signing keys, derived from a secret in the database and from the
 * operator's, which is not there. So a copy of the database decrypts none of them.
 */
export async function deriveKeyEncryptionKey(em: EntityManager, operatorSecret: string): Promise<Buffer> {
  const rows: { value: string }[] = await em.execute(`select value from secrets where name = 'keys'`);
  if (!rows[0]) throw new Error('The secret for keys is missing: the database was not migrated.');
  return Buffer.from(hkdfSync('sha256', Buffer.from(rows[0].value, 'hex'), operatorSecret, 'api keys', 32));
}

/**
 * Stores the key of an inserted row, in the caller's transaction. Throws `ConflictError` when there
 * are too many.
 */
export async function storeSigningKey(
  em: EntityManager,
  keyEncryptionKey: Buffer,
  { id, userId, key, now }: { id: number; userId: number; key: string; now: Date },
): Promise<void> {
  // Concurrent calls for one user count one after the other.
  await lockRows(em, 'users', [userId], 'no key update');
  const rows: { all: number | string; own: number | string }[] = await em.execute(
    `select count(*) as "all", count(case when k.user_id = ? then 1 end) as own
     from sealed_keys s join api_keys k on k.id = s.api_key_id
     where k.revoked_at is null and (k.expires_at is null or k.expires_at > ?)`,
    [userId, now],
  );
  if (Number(rows[0]?.own) >= MAX_SIGNING_KEYS_PER_USER)
    throw new ConflictError(
      `User:${userId} has ${MAX_SIGNING_KEYS_PER_USER} signing keys already. Revoke one of them first.`,
    );
  if (Number(rows[0]?.all) >= MAX_SIGNING_KEYS)
    throw new ConflictError(`The server has ${MAX_SIGNING_KEYS} signing keys already. Revoke one of them first.`);
  const sealed = encrypt(keyEncryptionKey, id, key);
  await em.execute('insert into sealed_keys (api_key_id, sealed) values (?, ?)', [id, sealed]);
}

interface Row {
  sealed: string;
  id: number;
  scope: KeyScope;
  userId: number;
  isAdmin: boolean | number;
}

/**
 * Returns the viewer whose key `verifies` accepts. Every signing key that works is tried, so that
 * the time it takes reveals nothing; `verifies` compares in constant time. Throws
 * `UnauthenticatedError`.
 */
export function createSignerLookup(
  em: () => EntityManager,
  keyEncryptionKey: Buffer,
  now: () => Date,
): (verifies: (key: string) => boolean) => Promise<Viewer> {
  // Decrypting a key takes much longer than trying it, and a stored key never changes.
  let decrypted = new Map<string, string | undefined>();
  return async (verifies) => {
    const rows = await workingRows(em(), now());
    const current = new Map<string, string | undefined>();
    let signer: Viewer | undefined;
    for (const { sealed, id, scope, userId, isAdmin } of rows) {
      const row = `${id} ${sealed}`;
      const key = decrypted.has(row) ? decrypted.get(row) : decrypt(keyEncryptionKey, id, sealed);
      current.set(row, key);
      if (key !== undefined && verifies(key)) signer = { userId, isAdmin: !!isAdmin, scope, keyId: id };
    }
    decrypted = current;
    if (!signer) throw new UnauthenticatedError();
    return signer;
  };
}

function workingRows(em: EntityManager, now: Date): Promise<Row[]> {
  return em.execute(
    `select s.sealed, k.id, k.scope, u.id as "userId", u.is_admin as "isAdmin"
     from sealed_keys s join api_keys k on k.id = s.api_key_id join users u on u.id = k.user_id
     where ${CAN_SIGN_IN} and k.revoked_at is null and (k.expires_at is null or k.expires_at > ?)`,
    [now],
    { connectionType: 'read' },
  );
}

/**
 * AES-256-GCM, bound to the row: a value that is moved to another row cannot be decrypted there.
 */
function encrypt(keyEncryptionKey: Buffer, id: number, key: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyEncryptionKey, iv).setAAD(Buffer.from(`ApiKey:${id}`));
  const encrypted = Buffer.concat([cipher.update(key, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64url');
}

/** Undefined for what was encrypted with another key, as before the operator changed the secret. */
function decrypt(keyEncryptionKey: Buffer, id: number, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyEncryptionKey, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(`ApiKey:${id}`))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return undefined;
  }
}
