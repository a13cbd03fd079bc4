import type { StoredUploads } from './stored-uploads.ts';
import type { Entry } from './upload-entry.ts';
import type { UploadError } from './upload-error.ts';
import type { RequestLimits } from './upload-recovery.ts';

export interface QueueOptions {
  userId: string;
  /** The token of the next request: another one than the one that was refused. */
  token(refused?: string): Promise<string>;
  /** Removes a stored file that was cancelled while it was sent. */
  removeFile(fileId: string): void;
}

/** What jobs need of their queue. */
export interface JobHost extends QueueOptions {
  stored: StoredUploads;
  limits: RequestLimits;
  /** Called when the view has something new to show. */
  progressed(): void;
  /** Fails every upload that would be refused for the same reason. */
  failMatching(entry: Entry, error: UploadError): void;
  /** Stops all uploads until the user has signed in again. */
  signedOut(): void;
}
