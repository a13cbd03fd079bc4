import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestContext } from '../../context.ts';
import { openThumbnail } from '../../files/thumbnail.ts';
import { safeHeaders } from './download.ts';
import { failsPrecondition, isNotModified, sendPreconditionFailed } from './preconditions.ts';

/** The default width and height, in pixels. */
const THUMBNAIL_SIZE = 256;

/**
 * Sends a thumbnail that fits into `width` and `height`, in pixels. Throws only before the first
 * byte; a later error closes the connection.
 */
export async function sendThumbnail(
  ctx: RequestContext,
  id: number,
  { width = THUMBNAIL_SIZE, height = THUMBNAIL_SIZE }: { width?: unknown; height?: unknown },
  request: IncomingMessage,
  response: ServerResponse,
  isLink: boolean,
): Promise<void> {
  const size = { width: Number(width), height: Number(height) };
  const { file, box, blob, audit } = await openThumbnail(ctx, id, size, () => !response.destroyed);
  await using _open = blob;
  const etag = `"${file.sha256}-${box.width}x${box.height}"`;
  const headers = { ...safeHeaders(isLink), etag, 'content-type': 'image/webp' };
  if (failsPrecondition(request, etag)) return sendPreconditionFailed(request, response, headers);
  if (isNotModified(request, etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  if (request.method !== 'HEAD') await audit();
  response.writeHead(200, { ...headers, 'content-length': blob.size });
  if (request.method !== 'HEAD') await blob.send(response, { start: 0, end: blob.size - 1 });
  response.end();
}
