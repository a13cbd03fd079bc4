import { defineEntity, p } from '@mikro-orm/core';
import { entityTypes } from './entity.ts';
import { User } from './user.ts';

export const fileStatuses = ['APPROVED', 'PENDING', 'REQUIRED'] as const;
export type FileStatus = (typeof fileStatuses)[number];
export const fileOrigins = ['TASK_PANEL', 'REWORK', 'FEEDBACK'] as const;
export type FileOrigin = (typeof fileOrigins)[number];

/** Files without a primary attachment; see `hasPrimary`. */
const isOwn = 'has_primary = false and is_newest = true';

// Every index costs each upload a page of the write-ahead log. `index(false)`: MikroORM would index
// each reference on SQLite.

const fileSchema = defineEntity({
  name: 'File',
  tableName: 'files',
  indexes: [
    // A listing of everything walks the newest versions in one of three orders.
    { properties: ['isNewest', 'createdAt', 'id'] },
    { properties: ['isNewest', 'nameKey', 'id'] },
    { properties: ['isNewest', 'size', 'id'] },
    // Files that belong to their uploaders alone.
    { name: 'files_own_created_at_index', properties: ['createdBy', 'createdAt', 'id'], where: isOwn },
    { name: 'files_own_name_key_index', properties: ['createdBy', 'nameKey', 'id'], where: isOwn },
    { name: 'files_own_size_index', properties: ['createdBy', 'size', 'id'], where: isOwn },
  ],
  // Two uploads of the next version at once cannot both get its number.
  uniques: [{ properties: ['versionGroup', 'version'] }],
  properties: {
    id: p.integer().primary(),
    /** The id that all versions of one file share, generated with the first version. */
    versionGroup: p.string(),
    /** From 1. */
    version: p.integer(),
    /** Whether it is the version that listings show. Only that one is attached to anything. */
    isNewest: p.boolean(),
    /**
     * Whether the file has a primary attachment. One without belongs to its uploader alone. Of an
     * older version, it says nothing.
     */
    hasPrimary: p.boolean().default(true),
    name: p.string(),
    /** The search key of the name, by which it is sorted. */
    nameKey: p.string(),
    /** Bytes; may exceed 2³¹. */
    size: p.bigint('number'),
    contentType: p.string(),
    /**
     * Of a text, in lower case; empty where it is not known, and of anything else. Null for files
     * of releases that did not detect it.
     */
    charset: p.string().nullable(),
    /** Of an image, in pixels. */
    width: p.integer().nullable(),
    height: p.integer().nullable(),
    /** Of the content, in hex. */
    sha256: p.string(),
    /** Where the storage keeps the bytes. Two files uploaded as one part of a request share it. */
    blobKey: p.string().index(),
    status: p.enum(fileStatuses).nullable(),
    available: p.boolean(),
    createdFrom: p.enum(fileOrigins),
    /**
     * The upload token with which a guest uploaded it; null for uploads of users. No reference: the
     * number outlives the token.
     */
    uploadTokenId: p.integer().nullable(),
    createdBy: () => p.manyToOne(User).ref().index(),
    createdAt: p.datetime(3),
    updatedBy: () => p.manyToOne(User).ref().index(false),
    updatedAt: p.datetime(3),
  },
});

/** One version of a stored file: its name, its type, and the key of its bytes. */
export class File extends fileSchema.class {}
fileSchema.setClass(File);

export const attachableTypes = ['Project', 'Task', 'Comment', ...entityTypes] as const;

/** The types that files can be attached to. workspace/attachables/ has one file for each. */
export type AttachableType = (typeof attachableTypes)[number];

/** Which attachable. */
export interface AttachableRef {
  type: AttachableType;
  id: number;
}

const attachmentSchema = defineEntity({
  name: 'Attachment',
  tableName: 'attachments',
  // A listing walks one attachable, or one project with all in it, or one task with its comments,
  // in one of three orders; the columns that it sorts by are copied here, so that a page costs the
  // same however many files there are.
  indexes: [
    { properties: ['onType', 'onId', 'createdAt', 'file'] },
    { properties: ['onType', 'onId', 'nameKey', 'file'] },
    { properties: ['onType', 'onId', 'size', 'file'] },
    { properties: ['projectId', 'createdAt', 'file'] },
    { properties: ['projectId', 'nameKey', 'file'] },
    { properties: ['projectId', 'size', 'file'] },
    { properties: ['taskId', 'createdAt', 'file'] },
    // A listing of everything that a user may see walks each of the user's projects, and all that
    // everybody may see.
    { name: 'attachments_public_created_at_index', properties: ['createdAt', 'file'], where: 'is_public = true' },
    { name: 'attachments_public_name_key_index', properties: ['nameKey', 'file'], where: 'is_public = true' },
    { name: 'attachments_public_size_index', properties: ['size', 'file'], where: 'is_public = true' },
    { name: 'attachments_drafts_index', properties: ['onType', 'onId'], where: 'available = false' },
  ],
  uniques: [{ properties: ['file', 'onType', 'onId'] }],
  properties: {
    id: p.integer().primary(),
    /** The newest version; the next one replaces it. */
    file: () => p.manyToOne(File).ref().index(false),
    onType: p.enum(attachableTypes),
    onId: p.integer(),
    /** Of its file. */
    available: p.boolean().default(true),
    /**
     * Whether the file belongs to this place: those who edit the place may change the file. A file
     * has at most one primary attachment; attaching it elsewhere adds no right to change it.
     */
    isPrimary: p.boolean(),
    /**
     * Whether the user who attached it could change the file then: only such an attachment can
     * become the primary one.
     */
    canBePrimary: p.boolean(),
    /** Whether every user sees the place: an entity that is neither private nor unshared. */
    isPublic: p.boolean().default(false),
    /** The project around it, and the task around it, if any. */
    projectId: p.integer().nullable(),
    taskId: p.integer().nullable(),
    /** Of the file, for the orders. */
    createdAt: p.datetime(3),
    nameKey: p.string(),
    size: p.bigint('number'),
    attachedBy: () => p.manyToOne(User).ref().index(false),
    attachedAt: p.datetime(3),
  },
});

/** One file on one attachable. */
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

/**
 * The key of bytes that no file needs any more. The row survives a crash between the commit and
 * their deletion.
 */
export class BlobDeletion extends deletionSchema.class {}
deletionSchema.setClass(BlobDeletion);
