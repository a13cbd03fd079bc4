import { defineEntity, p } from '@mikro-orm/core';
import { File } from './file.ts';
import { User } from './user.ts';

const schema = defineEntity({
  name: 'ResumableUpload',
  tableName: 'resumable_uploads',
  // How many one user has is counted whenever another begins.
  indexes: [{ properties: ['user', 'isFinished'] }],
  properties: {
    /** 122 bits of chance: part of an address. */
    id: p.string().primary(),
    user: () => p.manyToOne(User).ref().deleteRule('cascade').index(),
    /** How many bytes it will have; null until that is known. */
    length: p.bigint('number').nullable(),
    /** How many of them are safe from a power cut. */
    received: p.bigint('number'),
    /**
     * Bytes that count before it is finished: its length, or what it has taken where that is not
     * known.
     */
    reserved: p.bigint('number').default(0),
    name: p.string(),
    contentType: p.string(),
    /** What was said of it as the client wrote it, to be given back. */
    metadata: p.text(),
    /**
     * The header `Upload-Concat` as the client wrote it, to be given back: `partial`, or `final;` and
     * the addresses of its parts; null for an upload that is joined with no other.
     */
    concat: p.text().nullable(),
    /** The final upload that this partial one was joined into, and its place among the parts there. */
    partOf: () => p.manyToOne(ResumableUpload).ref().nullable().deleteRule('cascade').index(),
    position: p.integer().nullable(),
    /** How it is added when it is finished, as JSON. */
    options: p.text(),
    /** Where the storage keeps its bytes when it is finished. */
    blobKey: p.string().unique(),
    /** What is known of the whole file, as JSON; null before all of it has come. */
    facts: p.text().nullable(),
    /** What the client says the whole of it hashes to, in hex; null where it does not say. */
    sha256: p.string().nullable(),
    /** What became of it. */
    file: () => p.manyToOne(File).ref().nullable().deleteRule('set null').index(),
    isFinished: p.boolean(),
    /** Who writes to it at the moment, and until when, unless that is put off. */
    lease: p.string().nullable(),
    leasedUntil: p.datetime(3).nullable(),
    expiresAt: p.datetime(3).index(),
  },
});

/** An upload that comes in several requests. When it is finished, it tells for a while which file it became. */
export class ResumableUpload extends schema.class {}
schema.setClass(ResumableUpload);
