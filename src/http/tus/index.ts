import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../../context.ts';
import { ChecksumMismatchError, NotFoundError } from '../../errors.ts';
import type { Authentication } from '../authentication.ts';
import type { Pace } from '../body/transfer-clock.ts';
import { keyInHeader } from '../credentials.ts';
import { errorResponse, hijack, respondWithError } from '../hijack.ts';
import type { ServerOptions } from '../options.ts';
import { VERSION } from './protocol.ts';
import { create, type Exchange, get, head, options, patch, terminate } from './verbs.ts';

type UploadOptions = Pick<ServerOptions, 'config' | 'log'> & {
  authentication: Authentication;
  pace: Pace;
  /** What stands before the paths of this server where clients reach it, without a slash at its end. */
  basePath: string;
  contextFor(viewer: Context['viewer'], request: IncomingMessage): Context;
};

/** What the protocol adds to the headers of HTTP, for browsers that call from other sites. */
export const tusHeaders = {
  asked: [
    ...['tus-resumable', 'upload-length', 'upload-defer-length', 'upload-offset', 'upload-metadata'],
    ...['upload-checksum', 'upload-concat', 'x-http-method-override', 'x-requested-with', 'x-request-id'],
  ],
  answered: [
    ...['location', 'tus-resumable', 'tus-version', 'tus-extension', 'tus-max-size', 'tus-checksum-algorithm'],
    ...[
      'upload-offset',
      'upload-length',
      'upload-defer-length',
      'upload-metadata',
      'upload-concat',
      'upload-expires',
      'attache-file-id',
    ],
  ],
};

/** "When sending a PATCH … the Server MUST respond with the 460 Checksum Mismatch status if the checksums mismatch". */
const CHECKSUM_MISMATCH = 460;

const verbs: Record<string, (exchange: Exchange, id: string) => Promise<void>> = {
  HEAD: head,
  PATCH: patch,
  DELETE: terminate,
  GET: get,
};

/** Uploads that come in several requests, by https://tus.io/protocols/resumable-upload, at `/uploads`. */
export function serveUploads(
  app: FastifyInstance,
  { authentication, config, pace, basePath, contextFor, log }: UploadOptions,
): void {
  const answer = async (request: FastifyRequest<{ Params: { id?: string } }>, reply: FastifyReply) => {
    hijack(reply);
    const { id } = request.params;
    const { raw: response } = reply;
    response.setHeader('tus-resumable', VERSION);
    try {
      const method = methodOf(request);
      if (method === 'OPTIONS') return options(response, config.limits.maxFileSize);
      // "The Tus-Resumable header MUST be included in every request and response except for OPTIONS requests."
      if (method !== 'GET' && request.headers['tus-resumable'] !== VERSION) return refuseVersion(response);
      const verb = id === undefined ? (method === 'POST' ? create : undefined) : verbs[method];
      if (!verb) throw new NotFoundError([`${method} ${request.url}`]);
      const ctx = contextFor(await authentication.authenticate(request.raw, keyInHeader(request.headers)), request.raw);
      await verb({ ctx, request: request.raw, response, pace, basePath }, id ?? '');
    } catch (err) {
      const told = errorResponse(err);
      await respondWithError(log, request, reply, err, {
        ...told,
        status: err instanceof ChecksumMismatchError ? CHECKSUM_MISMATCH : told.status,
      });
    }
  };
  // OPTIONS is of tus as well as of CORS: one answer serves both.
  const shared = { cors: { strictPreflight: false, preflightContinue: true } };
  for (const url of ['/uploads', '/uploads/', '/uploads/:id', '/uploads/:id/']) {
    app.route({ method: 'OPTIONS', url, handler: answer as never, config: shared });
    app.route({ method: ['HEAD', 'GET', 'POST', 'PATCH', 'DELETE'], url, handler: answer as never });
  }
}

/** "The X-HTTP-Method-Override request header MUST be a string which MUST be interpreted as the request's method". */
function methodOf({ method, headers }: FastifyRequest): string {
  const override = headers['x-http-method-override'];
  return typeof override === 'string' && method === 'POST' ? override.toUpperCase() : method;
}

/** "If the version … is not supported by the Server, it MUST respond with the 412 … and MUST include the Tus-Version header". */
function refuseVersion(response: FastifyReply['raw']): void {
  response.writeHead(412, { 'tus-version': VERSION, connection: 'close' }).end();
}
