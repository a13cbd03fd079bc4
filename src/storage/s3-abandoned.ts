import { ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3';
import { fromStore } from './s3-client.ts';

/** Uploads in parts below a prefix that began before a moment, and are neither whole nor given up. */
export async function* abandonedUploads(client: S3Client, Bucket: string, Prefix: string, before: Date) {
  let from: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await fromStore(client.send(new ListMultipartUploadsCommand({ Bucket, Prefix, ...from })));
    for (const { Key, UploadId, Initiated } of page.Uploads ?? [])
      if (Initiated && Initiated < before) yield { Key, UploadId };
    if (!page.IsTruncated) return;
    from = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}
