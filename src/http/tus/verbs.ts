import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestContext } from '../../context.ts';
import type { ResumableUpload } from '../../database/entities/index.ts';
import { BadUserInputError, ConflictError, UnsupportedMediaTypeError } from '../../errors.ts';
import { assertFileSize } from '../../uploads/limits.ts';
import { appendToUpload } from '../../uploads/resumable/append.ts';
import { completeUpload, getUpload } from '../../uploads/resumable/complete.ts';
import { createFinalUpload } from '../../uploads/resumable/concatenate.ts';
import { createUpload, setLength } from '../../uploads/resumable/create-upload.ts';
import { findUpload } from '../../uploads/resumable/find-upload.ts';
import { assertAcceptsBytes, isFinal } from '../../uploads/resumable/partial-upload.ts';
import { terminateUpload } from '../../uploads/resumable/terminate-upload.ts';
import { readChunks } from '../body/read-body.ts';
import type { Pace } from '../body/transfer-clock.ts';
import {
  ALGORITHMS,
  assertSameMetadata,
  CONTENT_TYPE,
  type Concat,
  EXTENSIONS,
  integerHeader,
  parseChecksum,
  parseConcat,
  parseMetadata,
  toAddOptions,
  toClaim,
  VERSION,
} from './protocol.ts';

/**
 * The methods of https://tus.io/protocols/resumable-upload, one function each. Each sends its
 * response, or throws before that.
 */

/** A request with its response. */
export interface Exchange {
  ctx: RequestContext;
  request: IncomingMessage;
  response: ServerResponse;
  /** How slowly a client may send. */
  pace: Pace;
  /** Precedes the paths of this server for clients; without a trailing slash. */
  basePath: string;
}

/** OPTIONS: what the server supports. It needs no authentication. */
export function options(response: ServerResponse, maxFileSize: number): void {
  response
    .writeHead(204, {
      'tus-version': VERSION,
      'tus-extension': EXTENSIONS,
      'tus-max-size': maxFileSize,
      'tus-checksum-algorithm': ALGORITHMS.join(','),
    })
    .end();
}

/**
 * POST, the creation extension: "The Server MUST acknowledge a successful upload creation with the
 * 201 Created status."
 */
export async function create(exchange: Exchange): Promise<void> {
  const { ctx, request, response, basePath } = exchange;
  const { headers } = request;
  const concat = parseConcat(headers);
  const metadata = String(headers['upload-metadata'] ?? '');
  if (typeof concat === 'object') return createFinal(exchange, concat, metadata);
  const length = integerHeader(headers, 'upload-length');
  const isDeferred = headers['upload-defer-length'] === '1';
  // "The request MUST include one of the following headers: a) Upload-Length … b)
  // Upload-Defer-Length: 1"
  if ((length === undefined) !== isDeferred)
    throw new BadUserInputError('Send either Upload-Length or Upload-Defer-Length: 1.');
  const isPartial = concat === 'partial';
  const pairs = parseMetadata(metadata);
  // "the partial uploads' metadata SHALL NOT be transferred to the new final upload"
  const options = isPartial ? {} : toAddOptions(pairs, ctx.uploadGrant?.on);
  const { id } = await createUpload(ctx, {
    length: length ?? null,
    claim: toClaim(pairs),
    metadata,
    options,
    isPartial,
    idempotencyKey: pairs.get('idempotencyKey'),
  });
  response.setHeader('location', `${basePath}/uploads/${id}`);
  // The creation-with-upload extension: "The Client MAY include parts of the upload in the initial
  // Creation request"
  if (headers['content-type'] === CONTENT_TYPE) await append(exchange, id, 0);
  response.writeHead(201, headersOf(await getUpload(ctx, id))).end();
}

/** POST, the concatenation extension: responds when the parts are joined and the file is added. */
async function createFinal(
  { ctx, request, response, basePath }: Exchange,
  { partIds, header }: Exclude<Concat, string>,
  metadata: string,
): Promise<void> {
  const { headers } = request;
  // "The Client MUST NOT include the Upload-Length header in the final upload creation."
  if (headers['upload-length'] !== undefined || headers['upload-defer-length'] !== undefined)
    throw new BadUserInputError(
      'A final upload is as long as its parts: leave out Upload-Length and Upload-Defer-Length.',
    );
  if (headers['content-type'] === CONTENT_TYPE) throw new BadUserInputError('A final upload accepts no bytes.');
  const pairs = parseMetadata(metadata);
  const final = { claim: toClaim(pairs), metadata, options: toAddOptions(pairs), concat: header, partIds };
  const { id } = await createFinalUpload(ctx, final);
  const upload = await completeUpload(ctx, id);
  if (!upload.isFinished) throw new ConflictError('Another server is joining this upload. Try again in some seconds.');
  response.writeHead(201, { location: `${basePath}/uploads/${id}`, ...headersOf(upload) }).end();
}

/** HEAD: "The Server MUST always include the Upload-Offset header … even if the offset is 0". */
export async function head({ ctx, request, response }: Exchange, id: string): Promise<void> {
  assertSameMetadata((await findUpload(ctx, id)).metadata, request.headers);
  const upload = await completeUpload(ctx, id);
  response
    .writeHead(200, {
      ...headersOf(upload),
      // "If the size of the upload is known, the Server MUST include the Upload-Length header in
      // the response."
      ...(upload.length === null ? { 'upload-defer-length': '1' } : { 'upload-length': upload.length }),
      ...(upload.metadata === '' ? {} : { 'upload-metadata': upload.metadata }),
      // "The Server MUST prevent the client and/or proxies from caching the response"
      'cache-control': 'no-store',
    })
    .end();
}

/**
 * PATCH: "The Server SHOULD accept PATCH requests against any upload URL and apply the bytes … at
 * the given offset".
 */
export async function patch(exchange: Exchange, id: string): Promise<void> {
  const { ctx, request, response } = exchange;
  const upload = await findUpload(ctx, id);
  assertAcceptsBytes(upload);
  assertSameMetadata(upload.metadata, request.headers);
  const from = integerHeader(request.headers, 'upload-offset');
  if (from === undefined) throw new BadUserInputError('Send the header Upload-Offset.');
  if (request.headers['content-type'] !== CONTENT_TYPE)
    throw new UnsupportedMediaTypeError(`Send it as ${CONTENT_TYPE}.`);
  const length = integerHeader(request.headers, 'upload-length');
  if (length !== undefined) await setLength(ctx, id, length);
  await append(exchange, id, from);
  response.writeHead(204, headersOf(await getUpload(ctx, id))).end();
}

/**
 * DELETE, the termination extension: "the Server … SHOULD free associated resources and MUST
 * respond with 204".
 */
export async function terminate({ ctx, response }: Exchange, id: string): Promise<void> {
  await terminateUpload(ctx, id);
  response.writeHead(204).end();
}

/** GET, beside the protocol: the state of the upload as JSON, never its bytes. */
export async function get({ ctx, response }: Exchange, id: string): Promise<void> {
  const upload = await getUpload(ctx, id);
  const body = JSON.stringify({
    file: fileIdOf(upload) ?? null,
    isFinished: upload.isFinished,
    offset: upload.received,
    length: upload.length,
    expiresAt: upload.expiresAt,
  });
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(body);
}

/** Appends the body to the upload, at the offset `from`. */
async function append({ ctx, request, pace }: Exchange, id: string, from: number): Promise<void> {
  const length = integerHeader(request.headers, 'content-length') ?? 0;
  assertFileSize(from + length, ctx.limits);
  const chunks = (signal: AbortSignal) => readChunks(request, pace, signal);
  await appendToUpload(ctx, { id, from, chunks, checksum: parseChecksum(request.headers) });
}

function headersOf(upload: ResumableUpload): Record<string, string | number> {
  const fileId = fileIdOf(upload);
  return {
    // "The response to a HEAD request for a final upload SHOULD NOT contain the Upload-Offset
    // header unless the concatenation has been successfully finished."
    ...(isFinal(upload) && !upload.isFinished ? {} : { 'upload-offset': upload.received }),
    // The expiration extension: "The date format is in the form of an RFC 9110 datetime".
    'upload-expires': upload.expiresAt.toUTCString(),
    // "MUST be set in both partial and final upload creation requests", and is returned "as
    // received".
    ...(upload.concat ? { 'upload-concat': upload.concat } : {}),
    ...(fileId ? { 'attache-file-id': fileId } : {}),
  };
}

const fileIdOf = ({ file }: ResumableUpload) => file && `File:${file.id}`;
