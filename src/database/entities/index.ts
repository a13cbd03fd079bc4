import { ApiKey } from './api-key.ts';
import { Category } from './category.ts';
import { Currency } from './currency.ts';
import { Case, Contact, ContactInfo, EntityAccess, Opportunity } from './entity.ts';
import { Attachment, BlobDeletion, File } from './file.ts';
import { HistoryEvent, HistoryEventFile } from './history.ts';
import { IdempotencyKey } from './idempotency-key.ts';
import { Project, ProjectMember } from './project.ts';
import { ResumableUpload } from './resumable-upload.ts';
import { ShareDownload, ShareLink } from './share-link.ts';
import { Comment, Task, TaskResponsible } from './task.ts';
import { TemporaryUsage, UploadReservation } from './temporary-usage.ts';
import { PendingAnnouncement, UploadSession } from './upload-session.ts';
import { UploadToken } from './upload-token.ts';
import { User } from './user.ts';
import { UserIdentity } from './user-identity.ts';

export * from './api-key.ts';
export * from './category.ts';
export * from './currency.ts';
export * from './entity.ts';
export * from './file.ts';
export * from './history.ts';
export * from './idempotency-key.ts';
export * from './project.ts';
export * from './resumable-upload.ts';
export * from './share-link.ts';
export * from './task.ts';
export * from './temporary-usage.ts';
export * from './upload-session.ts';
export * from './upload-token.ts';
export * from './user.ts';
export * from './user-identity.ts';

/** Every table of the database. */
export const entities = [
  User,
  UserIdentity,
  ApiKey,
  IdempotencyKey,
  Category,
  Currency,
  Contact,
  ContactInfo,
  Opportunity,
  Case,
  EntityAccess,
  Project,
  ProjectMember,
  Task,
  TaskResponsible,
  Comment,
  File,
  Attachment,
  BlobDeletion,
  UploadToken,
  ShareLink,
  ShareDownload,
  ResumableUpload,
  UploadReservation,
  TemporaryUsage,
  HistoryEvent,
  HistoryEventFile,
  UploadSession,
  PendingAnnouncement,
];
