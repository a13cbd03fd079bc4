import { defineEntity, p } from '@mikro-orm/core';
import { User } from './user.ts';

const fileSchema = defineEntity({
  name: 'File',
  tableName: 'files',
  properties: {
    id: p.integer().primary(),
    name: p.string(),
    /** Bytes; may pass 2³¹. */
    size: p.bigint('number'),
    contentType: p.string(),
    /** Of the content, in hex. */
    sha256: p.string(),
    /** Where the storage keeps the bytes. Two files uploaded as one part of a request share it. */
    blobKey: p.string().index(),
    createdBy: () => p.manyToOne(User).ref().index(),
    createdAt: p.datetime(3),
  },
});

/** A stored file: what it is called, what it is, and where its bytes lie. */
export class File extends fileSchema.class {}
fileSchema.setClass(File);

export const attachableTypes = ['Project', 'Task', 'Comment', 'Contact', 'Opportunity', 'Case'] as const;

/** What a file can hang on. */
export type AttachableType = (typeof attachableTypes)[number];

/** Which project, task, comment, contact, opportunity or case. */
export interface AttachableRef {
  type: AttachableType;
  id: number;
}

const attachmentSchema = defineEntity({
  name: 'Attachment',
  tableName: 'attachments',
  // A listing walks one attachable in the order of attaching, which is the order of ids.
  indexes: [{ properties: ['onType', 'onId', 'id'] }],
  uniques: [{ properties: ['file', 'onType', 'onId'] }],
  properties: {
    id: p.integer().primary(),
    file: () => p.manyToOne(File).ref(),
    onType: p.enum(attachableTypes),
    onId: p.integer(),
    attachedBy: () => p.manyToOne(User).ref(),
    attachedAt: p.datetime(3),
  },
});

/** One file hanging on one attachable. */
export class Attachment extends attachmentSchema.class {}
attachmentSchema.setClass(Attachment);

const deletionSchema = defineEntity({
  name: 'BlobDeletion',
  tableName: 'blob_deletions',
  properties: {
    blobKey: p.string().primary(),
    requestedAt: p.datetime(3),
  },
});

/** Bytes that no file needs any more. The row outlives a crash between the commit and the deletion. */
export class BlobDeletion extends deletionSchema.class {}
deletionSchema.setClass(BlobDeletion);
