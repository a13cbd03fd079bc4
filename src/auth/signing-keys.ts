import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyScope } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { lockRows } from '../database/sql.ts';
import { ConflictError, UnauthenticatedError } from '../errors.ts';
import type { Viewer } from './permissions.ts';

/**
 * Some clients do not send their key: they sign with it. To check that, the key itself is needed, so these keys, and no
 * others, are kept encrypted beside their hash.
 */

/** Keys to sign with that work at the same time, of one user: so that nobody uses up what is there for all. */
export const MAX_SIGNING_KEYS_PER_USER = 5;

/**
 * The same of all users. Whoever signs is found by trying one key after the other, and anybody may send a signature, so
 * this bounds what a call without good credentials costs.
 */
export const MAX_SIGNING_KEYS = 200;

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * What keys are encrypted with: made of a secret in the database and of the operator's, which is not there. So a copy of
 * the database opens none of them.
 */
export async function deriveKeyEncryptionKey(em: EntityManager, operatorSecret: string): Promise<Buffer> {
  const rows: { value: string }[] = await em.execute(`select value from secrets where name = 'keys'`);
  if (!rows[0]) throw new Error('There is no secret for keys: the database was not migrated.');
  return Buffer.from(hkdfSync('sha256', Buffer.from(rows[0].value, 'hex'), operatorSecret, 'api keys', 32));
}

/** Keeps a key of a row that is written, in the caller's transaction. Throws `ConflictError` when too many are kept. */
export async function storeSigningKey(
  em: EntityManager,
  keyEncryptionKey: Buffer,
  { id, userId, key, now }: { id: number; userId: number; key: string; now: Date },
): Promise<void> {
  // Two at once of one user count one after the other.
  await lockRows(em, 'users', [userId], 'no key update');
  const rows: { all: number | string; own: number | string }[] = await em.execute(
    `select count(*) as "all", count(case when k.user_id = ? then 1 end) as own
     from sealed_keys s join api_keys k on k.id = s.api_key_id
     where k.revoked_at is null and (k.expires_at is null or k.expires_at > ?)`,
    [userId, now],
  );
  if (Number(rows[0]?.own) >= MAX_SIGNING_KEYS_PER_USER)
    throw new ConflictError(
      `User:${userId} has ${MAX_SIGNING_KEYS_PER_USER} API keys to sign with already. Revoke one of them first.`,
    );
  if (Number(rows[0]?.all) >= MAX_SIGNING_KEYS)
    throw new ConflictError(`There are ${MAX_SIGNING_KEYS} API keys to sign with already. Revoke one of them first.`);
  const sealed = seal(keyEncryptionKey, id, key);
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
 * Finds out who signed: whose key `proves` says yes to. Every key that works and is meant to sign with is tried, so that
 * how long it takes tells nothing. `proves` compares in constant time. Throws `UnauthenticatedError`.
 */
export function createSignerLookup(
  em: () => EntityManager,
  keyEncryptionKey: Buffer,
  now: () => Date,
): (proves: (key: string) => boolean) => Promise<Viewer> {
  // To open a key takes much longer than to try it, and what is sealed never changes.
  let opened = new Map<string, string | undefined>();
  return async (proves) => {
    const rows = await workingRows(em(), now());
    const stillThere = new Map<string, string | undefined>();
    let signer: Viewer | undefined;
    for (const { sealed, id, scope, userId, isAdmin } of rows) {
      const row = `${id} ${sealed}`;
      const key = opened.has(row) ? opened.get(row) : open(keyEncryptionKey, id, sealed);
      stillThere.set(row, key);
      if (key !== undefined && proves(key)) signer = { userId, isAdmin: !!isAdmin, scope, keyId: id };
    }
    opened = stillThere;
    if (!signer) throw new UnauthenticatedError();
    return signer;
  };
}

function workingRows(em: EntityManager, now: Date): Promise<Row[]> {
  return em.execute(
    `select s.sealed, k.id, k.scope, u.id as "userId", u.is_admin as "isAdmin"
     from sealed_keys s join api_keys k on k.id = s.api_key_id join users u on u.id = k.user_id
     where k.revoked_at is null and (k.expires_at is null or k.expires_at > ?)`,
    [now],
    { connectionType: 'read' },
  );
}

/** AES-256-GCM, bound to the row: what is moved to another row does not open there. */
function seal(keyEncryptionKey: Buffer, id: number, key: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyEncryptionKey, iv).setAAD(Buffer.from(`ApiKey:${id}`));
  const sealed = Buffer.concat([cipher.update(key, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** Undefined for what was sealed otherwise, as before the operator changed the secret. */
function open(keyEncryptionKey: Buffer, id: number, sealed: string): string | undefined {
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
