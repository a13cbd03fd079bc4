import { defineEntity, p } from '@mikro-orm/core';
import { Project } from './project.ts';
import { ResumableUpload } from './resumable-upload.ts';

const usageSchema = defineEntity({
  name: 'TemporaryUsage',
  tableName: 'temporary_usage',
  properties: {
    /** The user; 0 is the sum over all users. No foreign key, because of the 0. */
    userId: p.integer().primary().autoincrement(false),
    /**
     * Bytes of unfinished uploads and of all versions of unattached files, updated in the
     * transaction of each change.
     */
    bytes: p.bigint('number'),
  },
});

/** The temporary bytes of one user: those that no project counts, or not yet. */
export class TemporaryUsage extends usageSchema.class {}
usageSchema.setClass(TemporaryUsage);

const reservationSchema = defineEntity({
  name: 'UploadReservation',
  tableName: 'upload_reservations',
  primaryKeys: ['upload', 'project'],
  properties: {
    upload: () => p.manyToOne(ResumableUpload).ref().primary().deleteRule('cascade'),
    project: () => p.manyToOne(Project).ref().primary().index().deleteRule('cascade'),
    /** By how many files the project will grow: 0 for a new version of one. */
    files: p.integer(),
  },
});

/**
 * A project in which an unfinished upload will count. The reserved bytes are a column of the
 * upload.
 */
export class UploadReservation extends reservationSchema.class {}
reservationSchema.setClass(UploadReservation);
