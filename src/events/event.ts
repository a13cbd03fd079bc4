import type { AttachableRef, Attachment, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import type { Topic } from './topic.ts';

/** Every kind of event, and what it tells. */
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
 * Who hears an event. Files that are not available are known to their uploader and to editors alone (`INSIDERS`); to
 * `OTHERS` a file appears when it is made available, and is gone when it no longer is. `FORMER_UPLOADER` is the uploader
 * alone, and only one who is no editor.
 */
export type Audience = 'EVERYBODY' | 'INSIDERS' | 'OTHERS' | 'FORMER_UPLOADER';

/** An entry of the log, read back. Within its topic it is known by its number, from 1 and without gaps. */
export interface FileEvent {
  topic: Topic;
  seq: number;
  type: EventType;
  audience: Audience;
  /** Where it happened. */
  on: AttachableRef;
  /** The row that joined the file to it, and what it says. */
  attachmentId: number;
  /** Whether those who edit there are editors of the place that the file belongs to. */
  isPrimary: boolean;
  /** Who is an insider by having uploaded the file; 0 for nobody. */
  uploaderId: number;
  /** The file as it was then, whatever became of it. */
  file: Row<File>;
  /** The version before, or the one removed. */
  previousFileId: number | null;
  /** The user who did it. */
  actorId: number;
  at: Date;
  /** Token of the upload session that it was announced with. */
  session: string | null;
}

/** What a rule says happened to a file at one place. */
export interface FileChange {
  type: EventType;
  attachment: Row<Attachment>;
  /** The place that the file belongs to, if any: its editors are insiders. */
  primary: Row<Attachment> | undefined;
  file: Snapshot;
  /** Everybody, unless given or the file is not available. */
  audience?: Audience;
  /** Whom it makes an insider to have uploaded it; the uploader of the file, unless given. */
  uploaderId?: number;
  previousFileId?: number | undefined;
  /** The viewer, unless given. */
  actorId?: number;
  session?: string;
}

/** A file at one moment, as plain data: moments in milliseconds, users by their numbers. */
export interface Snapshot
  extends Pick<
    File,
    | ('id' | 'versionGroup' | 'version' | 'isNewest' | 'name' | 'nameKey' | 'size' | 'contentType' | 'charset')
    | ('width' | 'height' | 'sha256' | 'blobKey' | 'status' | 'available' | 'createdFrom')
  > {
  createdBy: number;
  createdAt: number;
  updatedBy: number;
  updatedAt: number;
}

/** The file as it is now. Its row has to have its number. */
export function snapshotOf(file: Row<File>): Snapshot {
  const { id, versionGroup, version, isNewest, name, nameKey, size, contentType, charset } = file;
  const { width, height, sha256, blobKey, status, available, createdFrom } = file;
  return {
    ...{ id, versionGroup, version, isNewest, name, nameKey, size, contentType, charset },
    ...{ width, height, sha256, blobKey, status, available, createdFrom },
    createdBy: file.createdBy.id,
    createdAt: file.createdAt.getTime(),
    updatedBy: file.updatedBy.id,
    updatedAt: file.updatedAt.getTime(),
  };
}

/** The file of a snapshot, in the form in which the table's rows come. It belongs to no unit of work. */
export function fileOf({ createdBy, createdAt, updatedBy, updatedAt, ...rest }: Snapshot): Row<File> {
  return {
    ...rest,
    createdBy: { id: createdBy },
    createdAt: new Date(createdAt),
    updatedBy: { id: updatedBy },
    updatedAt: new Date(updatedAt),
  } as unknown as File;
}

/** What the log keeps of an event, as JSON. */
export interface EventPayload extends Omit<FileEvent, 'topic' | 'seq' | 'type' | 'at' | 'file'> {
  file: Snapshot;
}

/** Whoever edits a project edits all that is in it. */
function haveSameEditors(primary: Row<Attachment>, place: Row<Attachment>): boolean {
  const isSame = primary.onType === place.onType && primary.onId === place.onId;
  return isSame || (primary.projectId !== null && primary.projectId === place.projectId);
}

/** What is kept of something that happened. */
export function toPayload({ attachment, primary, file, ...rest }: FileChange, viewerId: number): EventPayload {
  return {
    audience: rest.audience ?? (file.available ? 'EVERYBODY' : 'INSIDERS'),
    on: { type: attachment.onType, id: attachment.onId },
    attachmentId: attachment.id,
    isPrimary: primary !== undefined && haveSameEditors(primary, attachment),
    uploaderId: rest.uploaderId ?? file.createdBy,
    file,
    previousFileId: rest.previousFileId ?? null,
    actorId: rest.actorId ?? viewerId,
    session: rest.session ?? null,
  };
}
