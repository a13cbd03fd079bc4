import { randomUUID } from 'node:crypto';
import type { AddOptions, AddTarget } from '../../attachments/add-files.ts';
import { type Context, contextOf, type RequestContext } from '../../context.ts';
import { ResumableUpload, UploadToken, User } from '../../database/entities/index.ts';
import { PayloadTooLargeError } from '../../errors.ts';
import { cleanName } from '../../files/file-name.ts';
import { assertExtension } from '../limits.ts';
import type { Claim } from '../receive.ts';
import { reserveUpload } from '../reservation.ts';
import { isFinal } from './partial-upload.ts';
import { emptyExpiryOf, expiryOf } from './upload-expiry.ts';

/** A resumable upload as the client declares it before its first byte. */
export interface NewUpload {
  /** In bytes; null if the client sets it later. */
  length: number | null;
  claim: Claim;
  /** The header `Upload-Metadata`, as the client sent it; empty for a direct upload. */
  metadata: string;
  /** How the file is added when the upload is completed. */
  options: AddOptions;
  /** The SHA-256 that the client declares for a direct upload, in hex. */
  sha256?: string | undefined;
  /** When the presigned URL of a direct upload expires. */
  urlExpiresAt?: Date | undefined;
  /** Whether it will be joined into a final upload: it becomes no file by itself. */
  isPartial?: boolean;
  /** Creates the upload once for this key; see `createUploadOnce`. */
  idempotencyKey?: string | undefined;
}

/** In characters. The metadata and content type are stored until the upload expires. */
const MAX_METADATA = 4096;
const MAX_CONTENT_TYPE = 255;

/**
 * The clean name of the file. Throws `UnsupportedMediaTypeError` for one whose extension is
 * refused.
 */
export function uploadName({ limits }: Pick<Context, 'limits'>, { claim }: Pick<NewUpload, 'claim'>): string {
  const name = cleanName(claim.name);
  assertExtension(name, limits);
  return name;
}

/** Throws `PayloadTooLargeError`. */
export function assertMetadataLength(metadata: string): void {
  if (metadata.length > MAX_METADATA)
    throw new PayloadTooLargeError(
      `The metadata of an upload may have at most ${MAX_METADATA} characters.`,
      MAX_METADATA,
    );
}

/** A checked upload: what `insertUpload` writes. */
export interface InsertedUpload extends Omit<NewUpload, 'isPartial' | 'idempotencyKey'> {
  name: string;
  destination: AddTarget;
  /** As in the column: `partial`, the header of a final upload, or null. */
  concat: string | null;
}

/** Inserts the row and reserves its length, in the transaction that called `assertReservable`. */
export async function insertUpload(request: RequestContext, input: InsertedUpload): Promise<ResumableUpload> {
  const ctx = contextOf(request);
  const { em } = ctx;
  const { length, claim, metadata, options, sha256, urlExpiresAt, name, destination, concat } = input;
  const needsNoBytes = length === 0 || sha256 !== undefined || isFinal({ concat });
  const upload = em.create(ResumableUpload, {
    id: randomUUID(),
    user: em.getReference(User, ctx.viewer.userId),
    uploadToken: ctx.uploadGrant ? em.getReference(UploadToken, ctx.uploadGrant.tokenId) : null,
    length,
    received: 0,
    reserved: length ?? 0,
    name,
    contentType: claim.contentType.slice(0, MAX_CONTENT_TYPE),
    metadata,
    concat,
    partOf: null,
    position: null,
    options: JSON.stringify(options),
    blobKey: ctx.storage.newKey(),
    facts: null,
    sha256: sha256 ?? null,
    urlExpiresAt: urlExpiresAt ?? null,
    refusal: null,
    file: null,
    isFinished: false,
    startedAt: ctx.now().getTime(),
    lease: null,
    leasedUntil: null,
    expiresAt: needsNoBytes ? expiryOf(ctx) : emptyExpiryOf(ctx),
  });
  await em.flush();
  await reserveUpload(ctx, upload, destination);
  return upload;
}
