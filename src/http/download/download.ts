import type { IncomingMessage, ServerResponse } from 'node:http';
import { create as contentDisposition } from 'content-disposition';
import mime from 'mime-types';
import parseRange from 'range-parser';
import type { Context } from '../../context.ts';
import type { File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { authorizeDownload } from '../../files/download.ts';
import type { ByteRange, ReadLink } from '../../storage/storage.ts';
import { assertPreconditions, failsPrecondition, isNotModified } from './preconditions.ts';

/**
 * What a browser may show by itself. Everything else is offered for saving: HTML, SVG, XML and PDF can carry script,
 * which would run with the rights of this server's origin.
 */
const inlineTypes = /^(?:image\/(?:png|jpeg|gif|webp|avif|bmp|apng)|audio\/[\w.+-]+|video\/[\w.+-]+|text\/plain)$/;

export interface DownloadOptions {
  /** Whether a signed link asks, and not a user's key. */
  isLink?: boolean;
  /** Whether the client is sent to the store, where that can be. */
  redirects?: boolean;
  /** Go before those that the file has of itself. */
  headers?: Readonly<Record<string, string>>;
}

/** Sends the content of a file, or the one range of it that was asked for. Throws before the first byte, or not at all. */
export async function download(
  ctx: Context,
  id: number,
  request: IncomingMessage,
  response: ServerResponse,
  { isLink = false, redirects = false, headers = {} }: DownloadOptions = {},
): Promise<void> {
  const { file, open, presignedUrl } = await authorizeDownload(ctx, id);
  const etag = `"${file.sha256}"`;
  // Not said before it is known what is answered: an error with the ETag of the file would be kept in the place of it.
  const own: Record<string, string> = { ...headersOf(file, etag, isLink), ...headers };

  if (failsPrecondition(request, etag, file.createdAt)) return assertPreconditions(request, response, own);
  if (isNotModified(request, etag, file.createdAt)) {
    response.writeHead(304, own).end();
    return;
  }
  // What the address is signed for is GET; and HEAD has no content to send.
  if (redirects && presignedUrl && request.method === 'GET') {
    const location = await presignedUrl(linkFor(file, headers));
    // Nobody may keep it, and hear that it is still good, when its address is not any more.
    const { etag: _, 'last-modified': __, ...others } = own;
    response.writeHead(307, { ...others, location, 'cache-control': 'no-store' }).end();
    return;
  }
  const range = rangeOf(request, file, etag);
  if (range === 'unsatisfiable') {
    response.writeHead(416, { ...own, 'content-range': `bytes */${file.size}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: file.size - 1 };
  await using blob = await open();
  response.writeHead(range ? 206 : 200, {
    ...own,
    'content-length': end - start + 1,
    ...(range ? { 'content-range': `bytes ${start}-${end}/${file.size}` } : {}),
  });
  if (request.method !== 'HEAD') {
    try {
      await blob.send(response, { start, end });
    } catch (err) {
      // The length was promised and cannot be kept: the connection has to break, so that nobody takes a part for the whole.
      if (!response.destroyed) ctx.log.error({ err, fileId: file.id }, 'a download broke off');
      response.destroy();
      return;
    }
  }
  response.end();
}

/** How long a client may take to follow where it is sent, in seconds. */
const FOLLOW_S = 60;

/** What the store answers when it sends the content itself: the headers that make it safe there, too. */
function linkFor(file: Row<File>, headers: Readonly<Record<string, string>>): ReadLink {
  const own = { ...headersOf(file, '', false), ...headers };
  return {
    contentType: own['content-type'] ?? 'application/octet-stream',
    disposition: own['content-disposition'] ?? 'attachment',
    seconds: FOLLOW_S,
  };
}

/** Text that goes by the name of a picture, a sound or a film: nobody expects to read it. TypeScript is no film. */
const isTextNamedOtherwise = ({ contentType, name }: Row<File>): boolean =>
  contentType === 'text/plain' && /^(?:image|audio|video)\/(?!mp2t)/.test(mime.lookup(name) || '');

function headersOf(file: Row<File>, etag: string, isLink: boolean): Record<string, string> {
  const type = inlineTypes.test(file.contentType) && !isTextNamedOtherwise(file) ? 'inline' : 'attachment';
  const plain = plainName(file.name);
  return {
    'content-type': typeOf(file),
    'content-disposition': contentDisposition(file.name, { type, ...(plain === file.name ? {} : { fallback: plain }) }),
    'accept-ranges': 'bytes',
    etag,
    'last-modified': file.createdAt.toUTCString(),
    ...safeHeaders(isLink),
  };
}

/** What is saved by programs that read no `filename*`, and take any quote for the end of the name, as curl does. */
const plainName = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/["\\]|[^\x20-\x7e]/gu, '_');

/** With its charset. Texts of which that was not looked at when they were stored have always been answered as UTF-8. */
function typeOf({ contentType, charset }: Row<File>): string {
  const told = charset ?? (contentType.startsWith('text/') ? 'utf-8' : '');
  return told === '' ? contentType : `${contentType}; charset=${told}`;
}

/** What makes it safe to show what somebody uploaded, or what was made of it. */
export function safeHeaders(isLink: boolean): Record<string, string> {
  return {
    // Only for those who may see it, and asked again each time: rights can end.
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    // A link is there to be shown by pages of other sites.
    'cross-origin-resource-policy': isLink ? 'cross-origin' : 'same-origin',
    // The token in its address is for nobody else.
    'referrer-policy': 'no-referrer',
  };
}

/**
 * The one range asked for. Several at once, or one on a state of the file that is not this one, are answered with
 * the whole, as https://www.rfc-editor.org/rfc/rfc9110#section-14.2 allows.
 */
function rangeOf(request: IncomingMessage, file: Row<File>, etag: string): ByteRange | 'unsatisfiable' | undefined {
  const { range, 'if-range': ifRange } = request.headers;
  if (!range || request.method !== 'GET') return undefined;
  // An empty file has no byte that a 206 could name. Clients that ask for a range of everything get all of it, as of nginx.
  if (file.size === 0) return undefined;
  if (ifRange !== undefined && ifRange !== etag && ifRange !== file.createdAt.toUTCString()) return undefined;
  const suffix = /^bytes=-(\d+)$/.exec(range)?.[1];
  // https://www.rfc-editor.org/rfc/rfc9110#section-14.1.3 more than there is means all of it
  if (suffix && Number(suffix) > file.size) return { start: 0, end: file.size - 1 };
  const ranges = parseRange(file.size, range);
  if (ranges === -1) return 'unsatisfiable';
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}
