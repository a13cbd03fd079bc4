import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { StorageUnavailableError } from '../errors.ts';
import type { S3Location } from './s3-url.ts';

const CONNECT_MS = 5000;
const ATTEMPTS = 4;

/** A client that tries again what a store could not do at the moment, a few times, and never waits for ever. */
export function s3ClientFor({
  region,
  endpoint,
  forcePathStyle,
  credentials,
  timeoutMs,
  checksums,
}: S3Location): S3Client {
  const whenever = checksums ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED';
  return new S3Client({
    region,
    forcePathStyle,
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials } : {}),
    maxAttempts: ATTEMPTS,
    requestChecksumCalculation: whenever,
    responseChecksumValidation: whenever,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      // A slow reader holds a connection for as long as it likes: a bound for all would let some of them shut out everybody else.
      httpAgent: { maxSockets: Number.POSITIVE_INFINITY },
      httpsAgent: { maxSockets: Number.POSITIVE_INFINITY },
    },
  });
}

/** Throws `StorageUnavailableError` for whatever the store did wrong, or did not do; what it does not have is for the caller. */
export async function fromStore<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof StorageUnavailableError || isMissing(cause)) throw cause;
    throw new StorageUnavailableError({ cause });
  }
}

/** Whether there is nothing under the key. A HEAD has no words for it but its status. */
export const isMissing = (error: unknown): boolean =>
  error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');
