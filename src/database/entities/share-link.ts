import { defineEntity, p } from '@mikro-orm/core';
import { ApiKey } from './api-key.ts';
import { attachableTypes } from './file.ts';
import { User } from './user.ts';

const schema = defineEntity({
  name: 'ShareLink',
  tableName: 'share_links',
  indexes: [
    { properties: ['createdBy', 'id'] },
    { properties: ['onType', 'onId', 'id'] },
    { properties: ['versionGroup', 'id'] },
  ],
  properties: {
    id: p.integer().primary(),
    /** SHA-256 of the token, in hex. The token itself is not stored. */
    hash: p.string().unique(),
    createdBy: () => p.manyToOne(User).ref().deleteRule('cascade').index(false),
    /**
     * The key of the request that created it, with which it ends; null for a user without a key.
     */
    apiKey: () => p.manyToOne(ApiKey).ref().nullable().deleteRule('cascade').index(),
    /** The heading that guests see; empty when it was not given. */
    name: p.string(),
    /** The place whose files it shares; null for the link of one file. */
    onType: p.enum(attachableTypes).nullable(),
    onId: p.integer().nullable(),
    /** The file whose newest version it shares; null for the link of a place. */
    versionGroup: p.string().nullable(),
    /** Salt and scrypt of the password; null without one. See `auth/password.ts`. */
    passwordHash: p.string().nullable(),
    /** How often its files may be downloaded; null without a limit. */
    maxDownloads: p.integer().nullable(),
    /** Downloads so far, of a link with a limit. */
    usedDownloads: p.integer().default(0),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3).index(),
    revokedAt: p.datetime(3).nullable(),
  },
});

/** A link with which anybody reads the files of one place, or one file, as its creator may. */
export class ShareLink extends schema.class {}
schema.setClass(ShareLink);

const downloadSchema = defineEntity({
  name: 'ShareDownload',
  tableName: 'share_downloads',
  primaryKeys: ['shareLink', 'hash'],
  properties: {
    shareLink: () => p.manyToOne(ShareLink).ref().primary().index(false).deleteRule('cascade'),
    /** SHA-256 of the address of the client and of the signed URL, in hex. */
    hash: p.string().primary(),
    expiresAt: p.datetime(3).index(),
  },
});

/**
 * A download of a share link with a limit, which requests for ranges continue until it expires. It
 * outlives no signed URL.
 */
export class ShareDownload extends downloadSchema.class {}
downloadSchema.setClass(ShareDownload);
