import { defineEntity, p } from '@mikro-orm/core';
import { User } from './user.ts';

export const keyScopes = ['READ', 'WRITE', 'ADMIN'] as const;

/**
 * What a key may be used for: READ reads, WRITE also changes, ADMIN also administers, if its user
 * may.
 */
export type KeyScope = (typeof keyScopes)[number];

const schema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  properties: {
    id: p.integer().primary(),
    user: () => p.manyToOne(User).ref().index(),
    name: p.string(),
    /**
     * SHA-256 of the key, in hex. The key itself is stored only of signing keys, encrypted: see
     * auth/signing-keys.ts.
     */
    hash: p.string().unique(),
    scope: p.enum(keyScopes),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
    /** To the minute, written some minutes later; null for a key that was not used. */
    lastUsedAt: p.datetime(3).nullable(),
  },
});

/** A bearer token of a user. */
export class ApiKey extends schema.class {}
schema.setClass(ApiKey);
