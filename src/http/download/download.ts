import type { IncomingMessage, ServerResponse } from 'node:http';
import { create as contentDisposition } from 'content-disposition';
import mime from 'mime-types';
import parseRange from 'range-parser';
import type { RequestContext } from '../../context.ts';
import type { File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { authorizeDownload } from '../../files/download.ts';
import type { ByteRange, PresignedReadOptions } from '../../storage/storage.ts';
import { failsPrecondition, isNotModified, sendPreconditionFailed } from './preconditions.ts';

/**
 * The types that a browser may display. All others are attachments: scripts in HTML, SVG, XML and
 * PDF would run with the rights of this server's origin.
 */
const inlineTypes = /^(?:image\/(?:png|jpeg|gif|webp|avif|bmp|apng)|audio\/[\w.+-]+|video\/[\w.+-]+|text\/plain)$/;

export interface DownloadOptions {
  /** Whether the request is authenticated by a signed link. */
  isLink?: boolean;
  /** Whether to redirect to a presigned URL, if the storage has them. */
  redirects?: boolean;
  /** Override the headers of the file. */
  headers?: Readonly<Record<string, string>>;
  /** Called before content that could be opened is sent. What it throws refuses the request. */
  onSend?(isRange: boolean): Promise<void>;
}

/**
 * Sends the content of a file, or the requested range. Throws only before the first byte; a later
 * error closes the connection.
 */
export async function download(
  ctx: RequestContext,
  id: number,
  request: IncomingMessage,
  response: ServerResponse,
  { isLink = false, redirects = false, headers = {}, onSend }: DownloadOptions = {},
): Promise<void> {
  const { file, open, presignedUrl } = await authorizeDownload(ctx, id);
  const etag = `"${file.sha256}"`;
  // Not set on the response yet: caches would store an error with the file's ETag as the file.
  const all: Record<string, string> = { ...headersOf(file, etag, isLink), ...headers };

  if (failsPrecondition(request, etag, file.createdAt)) return sendPreconditionFailed(request, response, all);
  if (isNotModified(request, etag, file.createdAt)) {
    response.writeHead(304, all).end();
    return;
  }
  // The URL is signed for GET only.
  const isRedirected = redirects && request.method === 'GET' && !isPartOfOwnPage(request);
  const location = isRedirected && (await presignedUrl(linkFor(file, headers)));
  if (location) {
    // The URL expires: without validators, a cache cannot revalidate and reuse the redirect.
    const { etag: _, 'last-modified': __, ...others } = all;
    response.writeHead(307, { ...others, location, 'cache-control': 'no-store' }).end();
    return;
  }
  const range = rangeOf(request, file, etag);
  if (range === 'unsatisfiable') {
    response.writeHead(416, { ...all, 'content-range': `bytes */${file.size}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: file.size - 1 };
  await using blob = await open({
    isSent: request.method !== 'HEAD',
    onSend: () => onSend?.(range !== undefined) ?? Promise.resolve(),
  });
  response.writeHead(range ? 206 : 200, {
    ...all,
    'content-length': end - start + 1,
    ...(range ? { 'content-range': `bytes ${start}-${end}/${file.size}` } : {}),
  });
  if (request.method !== 'HEAD') {
    try {
      await blob.send(response, { start, end });
    } catch (err) {
      // The response is shorter than `Content-Length`, so the connection has to be closed.
      if (!response.destroyed) ctx.log.error({ err, fileId: file.id }, 'sending a download failed');
      response.destroy();
      return;
    }
  }
  response.end();
}

/**
 * Whether the request is for a part of a page of this server, such as an image, and not for a file
 * of its own. The policy of the page permits no other server.
 * https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
function isPartOfOwnPage({ headers }: IncomingMessage): boolean {
  return headers['sec-fetch-site'] === 'same-origin' && headers['sec-fetch-mode'] !== 'navigate';
}

/** How long a presigned URL is valid, in seconds: the client follows the redirect at once. */
const REDIRECT_SECONDS = 60;

/** The response headers of the storage behind a presigned URL: a browser is as safe there. */
function linkFor(file: Row<File>, headers: Readonly<Record<string, string>>): PresignedReadOptions {
  const all = { ...headersOf(file, '', false), ...headers };
  return {
    contentType: all['content-type'] ?? 'application/octet-stream',
    disposition: all['content-disposition'] ?? 'attachment',
    seconds: REDIRECT_SECONDS,
  };
}

/**
 * Whether a text has the extension of an image, audio or video, so that showing it as text would
 * surprise. `.ts` is TypeScript here, although it is registered as video/mp2t.
 */
const isTextWithMediaName = ({ contentType, name }: Row<File>): boolean =>
  contentType === 'text/plain' && /^(?:image|audio|video)\/(?!mp2t)/.test(mime.lookup(name) || '');

function headersOf(file: Row<File>, etag: string, isLink: boolean): Record<string, string> {
  const type = inlineTypes.test(file.contentType) && !isTextWithMediaName(file) ? 'inline' : 'attachment';
  const fallback = asciiName(file.name);
  return {
    'content-type': typeOf(file),
    'content-disposition': contentDisposition(file.name, { type, ...(fallback === file.name ? {} : { fallback }) }),
    'accept-ranges': 'bytes',
    etag,
    'last-modified': file.createdAt.toUTCString(),
    ...safeHeaders(isLink),
  };
}

/** The name for clients without support of `filename*`. Some, such as curl, end it at any quote. */
const asciiName = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/["\\]|[^\x20-\x7e]/gu, '_');

/** https://mimesniff.spec.whatwg.org/#javascript-mime-type, and those that look like one */
const scriptTypes = /^(?:text|application)\/(?:x-)?(?:java|ecma|j|live)script/i;

/**
 * The content type with the charset. Texts that were stored without a charset are sent as UTF-8.
 *
 * Scripts are sent as plain text. The page permits scripts of its own origin, which files have,
 * too: with `nosniff`, browsers run nothing of another type as a script, module or worker.
 */
function typeOf({ contentType, charset }: Row<File>): string {
  const sentType = scriptTypes.test(contentType) ? 'text/plain' : contentType;
  const sentCharset = charset ?? (sentType.startsWith('text/') ? 'utf-8' : '');
  return sentCharset === '' ? sentType : `${sentType}; charset=${sentCharset}`;
}

/** Headers with which a browser can safely display an uploaded file, or its thumbnail. */
export function safeHeaders(isLink: boolean): Record<string, string> {
  return {
    // Caches revalidate each time: access can be revoked.
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    // Pages of other sites may embed a signed link.
    'cross-origin-resource-policy': isLink ? 'cross-origin' : 'same-origin',
    // The URL of a signed link has a token in it.
    'referrer-policy': 'no-referrer',
  };
}

/**
 * The requested range. Undefined, for the whole file, without a range, with several, and when
 * `If-Range` is not the current version: https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
function rangeOf(request: IncomingMessage, file: Row<File>, etag: string): ByteRange | 'unsatisfiable' | undefined {
  const { range, 'if-range': ifRange } = request.headers;
  if (!range || request.method !== 'GET') return undefined;
  // A 206 cannot describe an empty file. As in nginx, the response is 200 with no bytes.
  if (file.size === 0) return undefined;
  if (ifRange !== undefined && ifRange !== etag && ifRange !== file.createdAt.toUTCString()) return undefined;
  const suffix = /^bytes=-(\d+)$/.exec(range)?.[1];
  // A suffix longer than the file is all of it:
  // https://www.rfc-editor.org/rfc/rfc9110#section-14.1.3
  if (suffix && Number(suffix) > file.size) return { start: 0, end: file.size - 1 };
  const ranges = parseRange(file.size, range);
  if (ranges === -1) return 'unsatisfiable';
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}
