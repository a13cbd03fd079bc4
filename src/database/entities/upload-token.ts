import { defineEntity, p } from '@mikro-orm/core';
import { ApiKey } from './api-key.ts';
import { attachableTypes } from './file.ts';
import { User } from './user.ts';

const schema = defineEntity({
  name: 'UploadToken',
  tableName: 'upload_tokens',
  indexes: [{ properties: ['createdBy', 'id'] }, { properties: ['onType', 'onId', 'id'] }],
  properties: {
    id: p.integer().primary(),
    /** SHA-256 of the token, in hex. The token itself is not stored. */
    hash: p.string().unique(),
    createdBy: () => p.manyToOne(User).ref().deleteRule('cascade').index(false),
    /**
     * The key of the request that created it, with which it ends; null for a user without a key.
     */
    apiKey: () => p.manyToOne(ApiKey).ref().nullable().deleteRule('cascade').index(),
    /** Where its files are added. */
    onType: p.enum(attachableTypes),
    onId: p.integer(),
    /** Media types that it accepts, such as `image/*`, as JSON; empty for all. */
    contentTypes: p.text(),
    maxFiles: p.integer(),
    maxBytes: p.bigint('number'),
    /** Files that were added with it, whether they still exist or not, and unfinished uploads. */
    usedFiles: p.integer().default(0),
    usedBytes: p.bigint('number').default(0),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3).index(),
    revokedAt: p.datetime(3).nullable(),
  },
});

/** A token with which anybody uploads to one place, as the user who created it. */
export class UploadToken extends schema.class {}
schema.setClass(UploadToken);
