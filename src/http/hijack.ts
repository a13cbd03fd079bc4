import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../context.ts';
import { QuotaExceededError } from '../errors.ts';
import { toErrorResponse } from './errors.ts';
import { type HttpResponse, respond } from './respond.ts';

/** From here on the answer is written by hand; the headers set so far stay. */
export function hijack(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.hijack();
}

/** What an HTTP client is told of an error, as JSON. */
export function errorResponse(error: unknown): HttpResponse {
  const { status, headers, error: told } = toErrorResponse(error);
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ error: told }),
  };
}

/** Tells an error to the client, as long as no answer has begun, and a fault of ours to the operator. */
export async function respondWithError(
  log: Log,
  request: FastifyRequest,
  reply: FastifyReply,
  err: unknown,
  told: HttpResponse = errorResponse(err),
): Promise<void> {
  // A full quota is 507, and no fault of ours.
  if (told.status >= 500 && !(err instanceof QuotaExceededError))
    log.error({ err, requestId: request.id }, 'a request failed');
  if (reply.raw.headersSent) reply.raw.destroy();
  else await respond(request.raw, reply.raw, told);
}
