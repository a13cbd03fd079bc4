import { defineEntity, p } from '@mikro-orm/core';
import { User } from './user.ts';

export const fileStatuses = ['APPROVED', 'PENDING', 'REQUIRED'] as const;
export type FileStatus = (typeof fileStatuses)[number];
export const fileOrigins = ['TASK_PANEL', 'REWORK', 'FEEDBACK'] as const;
export type FileOrigin = (typeof fileOrigins)[number];

const fileSchema = defineEntity({
  name: 'File',
  tableName: 'files',
  indexes: [
    // The list of all files walks the newest versions in one of three orders.
    { properties: ['isNewest', 'createdAt', 'id'] },
    { properties: ['isNewest', 'nameKey', 'id'] },
    { properties: ['isNewest', 'size', 'id'] },
  ],
  // Two uploads of the next version at once cannot both get its number.
  uniques: [{ properties: ['versionGroup', 'version'] }],
  properties: {
    id: p.integer().primary(),
    /** The id that all versions of one file share; random, assigned to the first version. */
    versionGroup: p.string(),
    /** From 1. */
    version: p.integer(),
    /** Whether it is the version that lists show. Only that one is attached to anything. */
    isNewest: p.boolean(),
    name: p.string(),
    /** The name as it sorts: in lower case. */
    nameKey: p.string(),
    /** Bytes; may pass 2³¹. */
    size: p.bigint('number'),
    contentType: p.string(),
    /**
     * The charset of a text, in lower case; empty where it is unknown, and for any other type. Null
     * for a file that was stored before charsets were detected.
     */
    charset: p.string().nullable(),
    /** Of an image, in pixels. */
    width: p.integer().nullable(),
    height: p.integer().nullable(),
    /** Of the content, in hex. */
    sha256: p.string(),
    /**
     * The key of the bytes in the storage. Two files uploaded as one part of a request share it.
     */
    blobKey: p.string().index(),
    status: p.enum(fileStatuses).nullable(),
    available: p.boolean(),
    createdFrom: p.enum(fileOrigins),
    createdBy: () => p.manyToOne(User).ref().index(),
    createdAt: p.datetime(3),
    updatedBy: () => p.manyToOne(User).ref(),
    updatedAt: p.datetime(3),
  },
});

/** One version of a stored file: its name, its type and the key of its bytes. */
export class File extends fileSchema.class {}
fileSchema.setClass(File);

export const attachableTypes = ['Project', 'Task', 'Comment', 'Contact', 'Opportunity', 'Case'] as const;

/** The types that a file can be attached to. */
export type AttachableType = (typeof attachableTypes)[number];

/** One project, task, comment, contact, opportunity or case. */
export interface AttachableRef {
  type: AttachableType;
  id: number;
}

const attachmentSchema = defineEntity({
  name: 'Attachment',
  tableName: 'attachments',
  // A list walks one attachable, or one project with all in it, or one task with its comments, in
  // one of three orders. The columns of the orders are copied from the file, so that a page costs
  // the same however long the list is.
  indexes: [
    { properties: ['onType', 'onId', 'createdAt', 'id'] },
    { properties: ['onType', 'onId', 'nameKey', 'id'] },
    { properties: ['onType', 'onId', 'size', 'id'] },
    { properties: ['projectId', 'createdAt', 'id'] },
    { properties: ['projectId', 'nameKey', 'id'] },
    { properties: ['projectId', 'size', 'id'] },
    { properties: ['taskId', 'createdAt', 'id'] },
    { name: 'attachments_drafts_index', properties: ['onType', 'onId'], where: 'available = false' },
  ],
  uniques: [{ properties: ['file', 'onType', 'onId'] }],
  properties: {
    id: p.integer().primary(),
    /** The newest version; a newer one takes its place. */
    file: () => p.manyToOne(File).ref(),
    onType: p.enum(attachableTypes),
    onId: p.integer(),
    /** Copied from the file. */
    available: p.boolean().default(true),
    /**
     * Whether the file belongs to this attachable: those who may edit it there may change the file.
     * At most one attachment of a file is primary; attaching it elsewhere gives nobody a right over
     * it.
     */
    isPrimary: p.boolean(),
    /**
     * Whether it was attached by a user who could change the file then: only such an attachment can
     * become primary.
     */
    canBePrimary: p.boolean(),
    /** The project around it, and the task around it, if any. */
    projectId: p.integer().nullable(),
    taskId: p.integer().nullable(),
    /** Copied from the file, for the orders. */
    createdAt: p.datetime(3),
    nameKey: p.string(),
    size: p.bigint('number'),
    attachedBy: () => p.manyToOne(User).ref(),
    attachedAt: p.datetime(3),
  },
});

/** One file attached to one attachable. */
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

/** Bytes to be deleted. The row survives a crash between the commit and the deletion. */
export class BlobDeletion extends deletionSchema.class {}
deletionSchema.setClass(BlobDeletion);
