import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../context.ts';
import { QuotaExceededError } from '../errors.ts';
import { toErrorResponse } from './errors.ts';
import { type HttpResponse, respond } from './respond.ts';

/** Takes the response from fastify, with the headers that were set so far. The caller writes it. */
export function hijack(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.hijack();
}

/** The response to an error, as JSON: `{"error":{"message","code"}}`. */
export function errorResponse(cause: unknown): HttpResponse {
  const { status, headers, error } = toErrorResponse(cause);
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ error }),
  };
}

/** Logs a fault of the server, and sends `response`, or closes a response that has begun. */
export async function respondWithError(
  log: Log,
  request: FastifyRequest,
  reply: FastifyReply,
  err: unknown,
  response: HttpResponse = errorResponse(err),
): Promise<void> {
  // A full quota has the status 507, and is not a fault of the server.
  if (response.status >= 500 && !(err instanceof QuotaExceededError))
    log.error({ err, requestId: request.id }, 'a request failed');
  if (reply.raw.headersSent) reply.raw.destroy();
  else await respond(request.raw, reply.raw, response);
}
