import type { IncomingMessage, ServerResponse } from 'node:http';
import { openThumbnail } from '../attachments/thumbnail.ts';
import type { Context } from '../context.ts';
import { isKnownBy, safeHeaders } from './download.ts';

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
  response.setHeaders(new Map(Object.entries({ ...safeHeaders(isLink), etag, 'content-type': 'image/webp' })));
  if (isKnownBy(request.headers['if-none-match'], etag)) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { 'content-length': blob.size });
  if (request.method !== 'HEAD') await blob.send(response, { start: 0, end: blob.size - 1 });
  response.end();
}
