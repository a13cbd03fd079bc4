import { defineEntity, p } from '@mikro-orm/core';
import { File } from './file.ts';
import { UploadToken } from './upload-token.ts';
import { User } from './user.ts';

const schema = defineEntity({
  name: 'ResumableUpload',
  tableName: 'resumable_uploads',
  // The unfinished uploads of one user are counted when another begins, and listed by their start.
  indexes: [{ properties: ['user', 'isFinished', 'startedAt', 'id'] }],
  properties: {
    /** 122 random bits: part of a URL. */
    id: p.string().primary(),
    user: () => p.manyToOne(User).ref().deleteRule('cascade').index(),
    /** The token of the guest to whom it belongs; null for uploads of users. */
    uploadToken: () => p.manyToOne(UploadToken).ref().nullable().deleteRule('cascade').index(),
    /** Its length in bytes; null until it is known. */
    length: p.bigint('number').nullable(),
    /** Bytes that are safe from a power cut. */
    received: p.bigint('number'),
    /**
     * Bytes that count before it is complete: its length, or the bytes received where that is not
     * known.
     */
    reserved: p.bigint('number').default(0),
    name: p.string(),
    contentType: p.string(),
    /** The header `Upload-Metadata` as the client wrote it, to be returned. */
    metadata: p.text(),
    /**
     * The header `Upload-Concat` as the client wrote it, to be returned: `partial`, or `final;` and
     * the URLs of its parts; null for an upload that is not concatenated.
     */
    concat: p.text().nullable(),
    /** The final upload that this partial one is part of, and its index there. */
    partOf: () => p.manyToOne(ResumableUpload).ref().nullable().deleteRule('cascade').index(),
    position: p.integer().nullable(),
    /** How the file is added when the upload is complete, as JSON. */
    options: p.text(),
    /** The key of its bytes in the storage. */
    blobKey: p.string().unique(),
    /** Size, type and hash of the complete file, as JSON; null before all bytes were received. */
    facts: p.text().nullable(),
    /** The SHA-256 of the complete file according to the client, in hex; null if it sent none. */
    sha256: p.string().nullable(),
    /**
     * When the presigned URL of a direct upload expires, while what it reserves is held for that;
     * null for all others.
     */
    urlExpiresAt: p.datetime(3).nullable().index(),
    /** Why a direct upload was refused at its completion; null unless it was. */
    refusal: p.text().nullable(),
    /** The file that it became. */
    file: () => p.manyToOne(File).ref().nullable().deleteRule('set null').index(),
    isFinished: p.boolean(),
    /** In milliseconds since 1970. */
    startedAt: p.bigint('number').default(0),
    /** The holder of the upload lock, and when the lock expires unless it is renewed. */
    lease: p.string().nullable(),
    leasedUntil: p.datetime(3).nullable(),
    expiresAt: p.datetime(3).index(),
  },
});

/**
 * An upload that is sent in several requests. The row stays for a while after it is complete, with
 * its file.
 */
export class ResumableUpload extends schema.class {}
schema.setClass(ResumableUpload);
