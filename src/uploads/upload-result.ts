import type { AttachableRef, Attachment, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { type AttacheError, boundedFilename, boundedMessage, type ErrorCode } from '../errors.ts';
import type { Topic } from '../events/topic.ts';

/** Why one file of a request was not stored. */
export interface FileFailure {
  /** Its place among the files of the request, from 0. */
  index: number;
  /** As the client named it, shortened where it is long. */
  filename: string;
  message: string;
  code: ErrorCode;
}

/** The outcome of the files of one request. */
export interface UploadResult {
  /** What the files are attached to; undefined for unattached uploads. */
  on?: AttachableRef | undefined;
  /** Those that were stored, in the order of the request. */
  files: Row<File>[];
  /** Their attachments to `on`. */
  attachments: Row<Attachment>[];
  /**
   * The number of the last event of each topic that reports them; empty when a session defers the
   * events.
   */
  written?: ReadonlyMap<Topic, number> | undefined;
  /** Those that failed, by their index in the request. */
  errors: FileFailure[];
}

/** The failure of a file as clients receive it, with a bounded filename and message. */
export const toFileFailure = (index: number, filename: string, { message, code }: AttacheError): FileFailure => ({
  index,
  filename: boundedFilename(filename),
  message: boundedMessage(message),
  code,
});
