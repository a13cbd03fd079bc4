import type { AttachableRef, Attachment, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import type { Topic } from './topic.ts';

/** The event types with their descriptions in the GraphQL schema. */
export const eventTypes = {
  FILE_ADDED: 'A file appeared on the attachable: it was uploaded or attached there, or became available to you.',
  FILE_VERSION_ADDED: 'A file got a new version. Lists now show `file` instead of `previousFileId`.',
  FILE_VERSION_REMOVED: 'The version `previousFileId` of a file was removed. Lists now show `file`.',
  FILE_UPDATED: 'The name, review status or availability of a file changed.',
  FILE_DETACHED: 'A file was detached. It is still stored.',
  FILE_REMOVED: 'A file was removed, or is no longer available to you.',
} as const;

export type EventType = keyof typeof eventTypes;

/**
 * Which viewers of a topic receive an event. The insiders of a file are its uploader,
 * administrators and the editors of its primary attachment: only they see it while it is not
 * available (a draft).
 *
 * - `EVERYBODY`: every viewer of the topic.
 * - `INSIDERS`: the insiders only, for changes of a draft.
 * - `OTHERS`: all viewers who are not insiders: for them a file is added when it becomes available,
 *   and removed when it no longer is.
 * - `FORMER_UPLOADER`: the uploader only, and only if not an editor, who loses sight of a draft
 *   when another user uploads its next version.
 *
 * `canReceiveEvent` in auth/permissions.ts decides by it.
 */
export type Audience = 'EVERYBODY' | 'INSIDERS' | 'OTHERS' | 'FORMER_UPLOADER';

/**
 * An entry of the log, as it is read. Its `seq` numbers the entries of its topic from 1 without
 * gaps.
 */
export interface FileEvent {
  topic: Topic;
  seq: number;
  type: EventType;
  audience: Audience;
  /** The attachable on which the file changed. */
  on: AttachableRef;
  /** Whether the editors of `on` are also editors of the primary attachment of the file. */
  isPrimary: boolean;
  /** The user who is an insider by having uploaded the file; 0 for none. */
  uploaderId: number;
  /** The file as it was at the time of the event. */
  file: Row<File>;
  /** The version that `file` replaced, or the removed version; null for other types of events. */
  previousFileId: number | null;
  /** The user who made the change. */
  actorId: number;
  at: Date;
  /** The token of the upload session in which the file was added; null without one. */
  session: string | null;
}

/** A change of a file on one attachable, as the domain emits it. */
export interface FileChange {
  type: EventType;
  attachment: Row<Attachment>;
  /** The primary attachment of the file, whose editors are insiders; undefined without one. */
  primary: Row<Attachment> | undefined;
  file: Snapshot;
  /** The default is `EVERYBODY` for an available file, else `INSIDERS`. */
  audience?: Audience;
  /**
   * The user who is an insider by having uploaded the file. The default is the uploader of `file`.
   */
  uploaderId?: number;
  previousFileId?: number | undefined;
  /** The default is the viewer. */
  actorId?: number;
  session?: string;
}

/**
 * A copy of a file row as plain data: times in milliseconds since 1970, users as their ids. It is
 * persisted in `EventPayload`.
 */
export interface Snapshot
  extends Pick<
    File,
    | ('id' | 'versionGroup' | 'version' | 'isNewest' | 'name' | 'nameKey' | 'size' | 'contentType' | 'charset')
    | ('width' | 'height' | 'sha256' | 'blobKey' | 'status' | 'available' | 'createdFrom')
  > {
  /** Entries of earlier releases have none. */
  uploadTokenId?: number | null | undefined;
  createdBy: number;
  createdAt: number;
  updatedBy: number;
  updatedAt: number;
}

/** Copies a file row, which must have its id already. */
export function snapshotOf(file: Row<File>): Snapshot {
  const { id, versionGroup, version, isNewest, name, nameKey, size, contentType, charset } = file;
  const { width, height, sha256, blobKey, status, available, createdFrom, uploadTokenId } = file;
  return {
    ...{ id, versionGroup, version, isNewest, name, nameKey, size, contentType, charset },
    ...{ width, height, sha256, blobKey, status, available, createdFrom, uploadTokenId },
    createdBy: file.createdBy.id,
    createdAt: file.createdAt.getTime(),
    updatedBy: file.updatedBy.id,
    updatedAt: file.updatedAt.getTime(),
  };
}

/** Converts a snapshot back to the shape of a file row. The result belongs to no entity manager. */
export function fileFromSnapshot({ createdBy, createdAt, updatedBy, updatedAt, ...rest }: Snapshot): Row<File> {
  return {
    ...rest,
    createdBy: { id: createdBy },
    createdAt: new Date(createdAt),
    updatedBy: { id: updatedBy },
    updatedAt: new Date(updatedAt),
  } as unknown as File;
}

/**
 * The JSON in column `event_log.payload`. Its keys, including those of `on` and `file`, are
 * persisted: renaming one needs a migration of the stored entries, as in
 * database/migrations/event-payload-names.ts. The other members of `FileEvent` are columns:
 * `topic`, `seq`, `type` and `at`.
 *
 * - `audience`, `on` (`type`, `id`), `isPrimary`, `uploaderId`
 * - `file`: every key of `Snapshot`
 * - `previousFileId`, `actorId`, `session`
 *
 * Entries of earlier releases have an `attachmentId`, which nothing reads.
 */
export interface EventPayload extends Omit<FileEvent, 'topic' | 'seq' | 'type' | 'at' | 'file'> {
  file: Snapshot;
}

/** An editor of a project edits everything in it. */
function haveSameEditors(primary: Row<Attachment>, other: Row<Attachment>): boolean {
  const isSame = primary.onType === other.onType && primary.onId === other.onId;
  return isSame || (primary.projectId !== null && primary.projectId === other.projectId);
}

/** Builds the payload that the log stores of a change. */
export function toPayload({ attachment, primary, file, ...rest }: FileChange, viewerId: number): EventPayload {
  return {
    audience: rest.audience ?? (file.available ? 'EVERYBODY' : 'INSIDERS'),
    on: { type: attachment.onType, id: attachment.onId },
    isPrimary: primary !== undefined && haveSameEditors(primary, attachment),
    uploaderId: rest.uploaderId ?? file.createdBy,
    file,
    previousFileId: rest.previousFileId ?? null,
    actorId: rest.actorId ?? viewerId,
    session: rest.session ?? null,
  };
}
