import { defineEntity, p } from '@mikro-orm/core';
import { Attachment } from './file.ts';
import { User } from './user.ts';

const sessionSchema = defineEntity({
  name: 'UploadSession',
  tableName: 'upload_sessions',
  // A token belongs to its user: another user's token of the same text is another session.
  uniques: [{ properties: ['user', 'token'] }],
  properties: {
    id: p.integer().primary(),
    token: p.string(),
    user: () => p.manyToOne(User).ref(),
    openedAt: p.datetime(3),
    /** Of the last upload in it; what is idle for too long is finished. */
    usedAt: p.datetime(3).index(),
  },
});

/** Uploads that are announced together. The row goes when they are. */
export class UploadSession extends sessionSchema.class {}
sessionSchema.setClass(UploadSession);

const pendingSchema = defineEntity({
  name: 'PendingAnnouncement',
  tableName: 'pending_announcements',
  properties: {
    id: p.integer().primary(),
    session: () => p.manyToOne(UploadSession).ref().index().deleteRule('cascade'),
    /** What is to be announced; if it is detached before, there is nothing left to tell. */
    attachment: () => p.manyToOne(Attachment).ref().index().deleteRule('cascade'),
    /** The version that listings showed before, if what waits is a next version. */
    previousFileId: p.integer().nullable(),
  },
});

/** An announcement that waits for its session. */
export class PendingAnnouncement extends pendingSchema.class {}
pendingSchema.setClass(PendingAnnouncement);
