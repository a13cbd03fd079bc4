import { ApiKey } from './api-key.ts';
import { Case, Contact, Opportunity } from './entity.ts';
import { type AttachableRef, type AttachableType, Attachment, attachableTypes, BlobDeletion, File } from './file.ts';
import { Project, ProjectMember } from './project.ts';
import { Comment, Task } from './task.ts';
import { User } from './user.ts';

export {
  ApiKey,
  type AttachableRef,
  type AttachableType,
  Attachment,
  attachableTypes,
  BlobDeletion,
  Case,
  Comment,
  Contact,
  File,
  Opportunity,
  Project,
  ProjectMember,
  Task,
  User,
};

/** Every table of the database. */
export const entities = [
  User,
  ApiKey,
  Project,
  ProjectMember,
  Task,
  Comment,
  Contact,
  Opportunity,
  Case,
  File,
  Attachment,
  BlobDeletion,
];
