import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { StorageUnavailableError } from '../errors.ts';
import type { S3Location } from './s3-url.ts';

const CONNECT_MS = 5000;
const ATTEMPTS = 4;

/**
 * A client that retries requests a few times while the store is unavailable, with a time limit for
 * each attempt.
 */
export function s3ClientFor({
  region,
  endpoint,
  forcePathStyle,
  credentials,
  timeoutMs,
  checksums,
}: S3Location): S3Client {
  const when = checksums ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED';
  return new S3Client({
    region,
    forcePathStyle,
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials } : {}),
    maxAttempts: ATTEMPTS,
    requestChecksumCalculation: when,
    responseChecksumValidation: when,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      // Each slow reader holds a connection: with a limit, a few of them would block everybody
      // else.
      httpAgent: { maxSockets: Number.POSITIVE_INFINITY },
      httpsAgent: { maxSockets: Number.POSITIVE_INFINITY },
    },
  });
}

/**
 * Throws `StorageUnavailableError` for any failure of the store; that a key is missing is the
 * caller's to handle.
 */
export async function fromStore<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof StorageUnavailableError || isMissing(cause)) throw cause;
    throw new StorageUnavailableError({ cause });
  }
}

/**
 * Whether there is nothing under the key. The answer to a HEAD has no body, so the SDK names its
 * error otherwise.
 */
export const isMissing = (error: unknown): boolean =>
  error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');
