import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { accountOf, isUploadToken } from '../../auth/guest.ts';
import type { Viewer } from '../../auth/permissions.ts';
import type { RequestContext } from '../../context.ts';
import { ChecksumMismatchError, NotFoundError } from '../../errors.ts';
import type { Authentication } from '../authentication.ts';
import type { Pace } from '../body/transfer-clock.ts';
import { keyInHeader } from '../credentials.ts';
import type { GuestAuthentication } from '../guest-authentication.ts';
import { errorResponse, hijack, respondWithError } from '../hijack.ts';
import type { ServerOptions } from '../options.ts';
import { VERSION } from './protocol.ts';
import { create, type Exchange, get, head, options, patch, terminate } from './verbs.ts';

type UploadOptions = Pick<ServerOptions, 'config' | 'log'> & {
  authentication: Authentication;
  guests: GuestAuthentication;
  /** How slowly a client may send. */
  pace: Pace;
  /** Precedes the paths of this server for clients; without a trailing slash. */
  basePath: string;
  /** `account` is the user who is charged for memory and time: the viewer unless given. */
  contextFor(viewer: Viewer, request: IncomingMessage, account?: Pick<Viewer, 'userId'>): RequestContext;
};

type UploadHttpRequest = FastifyRequest<{ Params: { id?: string } }>;

/** The headers of the protocol, for the CORS configuration. */
export const tusHeaders = {
  request: [
    ...['tus-resumable', 'upload-length', 'upload-defer-length', 'upload-offset', 'upload-metadata'],
    ...['upload-checksum', 'upload-concat', 'x-http-method-override', 'x-requested-with', 'x-request-id'],
  ],
  response: [
    ...['location', 'tus-resumable', 'tus-version', 'tus-extension', 'tus-max-size', 'tus-checksum-algorithm'],
    ...['upload-offset', 'upload-length', 'upload-defer-length', 'upload-metadata', 'upload-concat'],
    ...['upload-expires', 'attache-file-id'],
  ],
};

/** "the Server MUST respond with the 460 Checksum Mismatch status if the checksums mismatch" */
const CHECKSUM_MISMATCH = 460;

/** The methods of `/uploads/{id}`. */
const uploadMethods: Record<string, (exchange: Exchange, id: string) => Promise<void>> = {
  HEAD: head,
  PATCH: patch,
  DELETE: terminate,
  GET: get,
};

/** Serves resumable uploads at `/uploads`: https://tus.io/protocols/resumable-upload */
export function serveUploads(
  app: FastifyInstance,
  { authentication, guests, config, pace, basePath, contextFor, log }: UploadOptions,
): void {
  /** Users by their keys, and guests by upload tokens: both may use every method. */
  const contextOf = async ({ raw, headers }: FastifyRequest): Promise<RequestContext> => {
    const key = keyInHeader(headers);
    if (!isUploadToken(key)) return contextFor(await authentication.authenticate(raw, key), raw);
    const guest = await guests.uploadGuestOf(raw, key);
    return { ...contextFor(guest.creator, raw, accountOf(guest.creator)), uploadGrant: guest.grant };
  };
  const respond = async (request: UploadHttpRequest, reply: FastifyReply) => {
    hijack(reply);
    const { id } = request.params;
    const { raw: response } = reply;
    response.setHeader('tus-resumable', VERSION);
    try {
      const method = methodOf(request);
      if (method === 'OPTIONS') return options(response, config.limits.maxFileSize);
      // "The Tus-Resumable header MUST be included in every request and response except for OPTIONS
      // requests."
      if (method !== 'GET' && request.headers['tus-resumable'] !== VERSION) return refuseVersion(response);
      const run = id === undefined ? (method === 'POST' ? create : undefined) : uploadMethods[method];
      if (!run) throw new NotFoundError([`${method} ${request.url}`]);
      const ctx = await contextOf(request);
      await run({ ctx, request: request.raw, response, pace, basePath }, id ?? '');
    } catch (err) {
      const error = errorResponse(err);
      const status = err instanceof ChecksumMismatchError ? CHECKSUM_MISMATCH : error.status;
      await respondWithError(log, request, reply, err, { ...error, status });
    }
  };
  // A request outlives its connection: it stores what it received. The database is closed after it.
  const running = new Set<Promise<void>>();
  app.addHook('onClose', async () => void (await Promise.allSettled(running)));
  const handle = (request: UploadHttpRequest, reply: FastifyReply) => {
    const responding = respond(request, reply).finally(() => running.delete(responding));
    running.add(responding);
    return responding;
  };
  // One response serves both tus and CORS preflights.
  const preflight = { cors: { strictPreflight: false, preflightContinue: true } };
  for (const url of ['/uploads', '/uploads/', '/uploads/:id', '/uploads/:id/']) {
    app.route({ method: 'OPTIONS', url, handler: handle as never, config: preflight });
    app.route({ method: ['HEAD', 'GET', 'POST', 'PATCH', 'DELETE'], url, handler: handle as never });
  }
}

/** "The X-HTTP-Method-Override request header … MUST be interpreted as the request's method" */
function methodOf({ method, headers }: FastifyRequest): string {
  const override = headers['x-http-method-override'];
  return typeof override === 'string' && method === 'POST' ? override.toUpperCase() : method;
}

/**
 * "If the version … is not supported by the Server, it MUST respond with the 412 Precondition
 * Failed status and MUST include the Tus-Version header"
 */
function refuseVersion(response: FastifyReply['raw']): void {
  response.writeHead(412, { 'tus-version': VERSION, connection: 'close' }).end();
}
