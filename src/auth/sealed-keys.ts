import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyScope } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { Conflict, Unauthenticated } from '../errors.ts';
import type { Viewer } from './permissions.ts';

/**
 * Some clients do not send their key: they sign with it. To check that, the key itself is needed, so these keys, and no
 * others, are kept encrypted beside their hash.
 */

/** Whoever signs is found by trying one key after the other, so there are never more than these that work. */
export const MOST_SEALED_KEYS = 1000;

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * What keys are encrypted with: made of a secret in the database and, if there is one, of the operator's own, without
 * which a copy of the database opens none of them.
 */
export async function sealingKeyOf(em: EntityManager, operatorSecret: string | undefined): Promise<Buffer> {
  const rows: { value: string }[] = await em.execute(`select value from secrets where name = 'keys'`);
  if (!rows[0]) throw new Error('There is no secret for keys: the database was not migrated.');
  return Buffer.from(hkdfSync('sha256', Buffer.from(rows[0].value, 'hex'), operatorSecret ?? '', 'api keys', 32));
}

/** Keeps a key of a row that is written, in the caller's transaction. Throws `Conflict` when too many are kept. */
export async function keepSealed(
  em: EntityManager,
  sealingKey: Buffer,
  { id, key, now }: { id: number; key: string; now: Date },
): Promise<void> {
  const rows: { count: number | string }[] = await em.execute(
    `select count(*) as count from sealed_keys s join api_keys k on k.id = s.api_key_id
     where k.id <> ? and k.revoked_at is null and (k.expires_at is null or k.expires_at > ?)`,
    [id, now],
  );
  if (Number(rows[0]?.count) >= MOST_SEALED_KEYS)
    throw new Conflict(`There are ${MOST_SEALED_KEYS} API keys to sign with already. Revoke one of them first.`);
  await em.execute(
    `insert into sealed_keys (api_key_id, sealed) values (?, ?)
     on conflict (api_key_id) do update set sealed = excluded.sealed`,
    [id, seal(sealingKey, id, key)],
  );
}

interface Row {
  sealed: string;
  id: number;
  scope: KeyScope;
  userId: number;
  isAdmin: boolean | number;
}

/**
 * Who signed: whose key `proves` says yes to. Every key that works and is meant to sign with is tried, so that how long
 * it takes tells nothing. `proves` compares in constant time. Throws `Unauthenticated`.
 */
export async function signerOf(
  { em, sealingKey, now }: { em: EntityManager; sealingKey: Buffer; now: Date },
  proves: (key: string) => boolean,
): Promise<Viewer> {
  const rows: Row[] = await em.execute(
    `select s.sealed, k.id, k.scope, u.id as "userId", u.is_admin as "isAdmin"
     from sealed_keys s join api_keys k on k.id = s.api_key_id join users u on u.id = k.user_id
     where k.revoked_at is null and (k.expires_at is null or k.expires_at > ?)`,
    [now],
    { connectionType: 'read' },
  );
  let signer: Viewer | undefined;
  for (const { sealed, id, scope, userId, isAdmin } of rows) {
    const key = open(sealingKey, id, sealed);
    if (key !== undefined && proves(key)) signer = { userId, isAdmin: !!isAdmin, scope, keyId: id };
  }
  if (!signer) throw new Unauthenticated();
  return signer;
}

/** AES-256-GCM, bound to the row: what is moved to another row does not open there. */
function seal(sealingKey: Buffer, id: number, key: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sealingKey, iv).setAAD(Buffer.from(`ApiKey:${id}`));
  const sealed = Buffer.concat([cipher.update(key, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** Undefined for what was sealed otherwise, as before the operator changed the secret. */
function open(sealingKey: Buffer, id: number, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', sealingKey, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(`ApiKey:${id}`))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return undefined;
  }
}
