import { defineEntity, p } from '@mikro-orm/core';
import { Attachment, File } from './file.ts';
import { User } from './user.ts';

const sessionSchema = defineEntity({
  name: 'UploadSession',
  tableName: 'upload_sessions',
  // A token is unique for its user: two users may use the same text.
  uniques: [{ properties: ['user', 'token'] }],
  properties: {
    id: p.integer().primary(),
    token: p.string(),
    user: () => p.manyToOne(User).ref(),
    openedAt: p.datetime(3),
    /** The time of its last upload; a session that is idle for too long is finished. */
    usedAt: p.datetime(3).index(),
  },
});

/** Uploads that are announced together. The row is deleted when they are. */
export class UploadSession extends sessionSchema.class {}
sessionSchema.setClass(UploadSession);

const pendingSchema = defineEntity({
  name: 'PendingAnnouncement',
  tableName: 'pending_announcements',
  properties: {
    id: p.integer().primary(),
    session: () => p.manyToOne(UploadSession).ref().index().deleteRule('cascade'),
    /** The attachment to announce; one that is detached before is not announced. */
    attachment: () => p.manyToOne(Attachment).ref().index().deleteRule('cascade'),
    /** The file to announce: as it was added, or its next version. */
    file: () => p.manyToOne(File).ref().nullable().index().deleteRule('cascade'),
    /** The version that lists showed before, if the file is a next version. */
    previousFileId: p.integer().nullable(),
  },
});

/** An announcement that is held back until its session is finished. */
export class PendingAnnouncement extends pendingSchema.class {}
pendingSchema.setClass(PendingAnnouncement);
