import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '../../context.ts';
import { openThumbnail } from '../../files/thumbnail.ts';
import { safeHeaders } from './download.ts';
import { failsPrecondition, isNotModified, sendPreconditionFailed } from './preconditions.ts';

/** Pixels, unless others are asked for. */
export const THUMBNAIL_SIZE = 256;

/** Sends a thumbnail of a file, which fits into `width` and `height`. Throws before the first byte, or not at all. */
export async function sendThumbnail(
  ctx: Context,
  id: number,
  { width = THUMBNAIL_SIZE, height = THUMBNAIL_SIZE }: { width?: unknown; height?: unknown },
  request: IncomingMessage,
  response: ServerResponse,
  isLink: boolean,
): Promise<void> {
  const asked = { width: Number(width), height: Number(height) };
  const { file, box, blob } = await openThumbnail(ctx, id, asked, () => !response.destroyed);
  await using _open = blob;
  const etag = `"${file.sha256}-${box.width}x${box.height}"`;
  const headers = { ...safeHeaders(isLink), etag, 'content-type': 'image/webp' };
  if (failsPrecondition(request, etag)) return sendPreconditionFailed(request, response, headers);
  if (isNotModified(request, etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-length': blob.size });
  if (request.method !== 'HEAD') await blob.send(response, { start: 0, end: blob.size - 1 });
  response.end();
}
