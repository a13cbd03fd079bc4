import {
  CopyObjectCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { BlobMissingError } from '../errors.ts';
import { fromStore, isMissing } from './s3-client.ts';
import type { DirectUploads } from './storage.ts';

export interface DirectUploadLocation {
  bucket: string;
  /** The prefixes of keys that clients write to, and of those that only this server writes to. */
  incoming: string;
  blobs: string;
  /** Whether the store verifies the hash that is sent with the bytes. */
  isTrusted: boolean;
}

/**
 * The most bytes that one request may upload or copy:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
const MAX_BYTES = 5 * 1024 ** 3;

/**
 * Uploads by presigned URLs.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/PresignedUrlUploadObject.html
 */
export function directUploads(
  client: S3Client,
  { bucket: Bucket, incoming, blobs, isTrusted }: DirectUploadLocation,
): DirectUploads {
  const hashHeader = 'x-amz-checksum-sha256';
  return {
    maxSize: MAX_BYTES,
    async presignedUrl(key, { size, sha256, seconds }) {
      const ChecksumSHA256 = Buffer.from(sha256, 'hex').toString('base64');
      const command = new PutObjectCommand({ Bucket, Key: incoming + key, ContentLength: size, ChecksumSHA256 });
      const url = await getSignedUrl(client, command, {
        expiresIn: seconds,
        // As headers rather than in the URL, so that the store compares them with the bytes.
        unhoistableHeaders: new Set([hashHeader]),
        signableHeaders: new Set(['content-length', 'host', hashHeader]),
      });
      return { url, headers: { 'content-length': String(size), [hashHeader]: ChecksumSHA256 } };
    },
    async stat(key) {
      const head = new HeadObjectCommand({ Bucket, Key: incoming + key, ChecksumMode: 'ENABLED' });
      try {
        const { ContentLength = 0, ChecksumSHA256 } = await fromStore(client.send(head));
        const sha256 = isTrusted && ChecksumSHA256 ? Buffer.from(ChecksumSHA256, 'base64').toString('hex') : undefined;
        return { size: ContentLength, sha256 };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async accept(key) {
      const CopySource = `${Bucket}/${incoming}${key}`.split('/').map(encodeURIComponent).join('/');
      try {
        await fromStore(client.send(new CopyObjectCommand({ Bucket, Key: blobs + key, CopySource })));
      } catch (cause) {
        throw isMissing(cause) ? new BlobMissingError(key, { cause }) : cause;
      }
    },
    async remove(key) {
      await fromStore(client.send(new DeleteObjectCommand({ Bucket, Key: incoming + key })));
    },
  };
}
