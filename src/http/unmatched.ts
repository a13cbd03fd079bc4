import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import type { BodyBudget } from './body/body-budget.ts';
import { errorResponse, hijack, respondWithError } from './hijack.ts';
import { recordOf } from './requests/observe-requests.ts';
import { respond } from './respond.ts';
import { notFoundPage, prefersHtml } from './static/not-found-page.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

interface UnmatchedOptions {
  /** Finds the handler of an older API, by method and raw path. */
  handlerOf(method: string, path: string): { api: string; handle: Handler } | undefined;
  /** Where the memory of request bodies is released. */
  bodies: BodyBudget;
  log: Log;
}

/**
 * Handles requests that match no route: calls of older APIs, and otherwise 404, for browsers as a
 * page.
 */
export function unmatchedHandler({ handlerOf, bodies, log }: UnmatchedOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    hijack(reply);
    const path = request.raw.url?.split('?', 1)[0] ?? '/';
    const found = handlerOf(request.method, path);
    if (!found) {
      reply.raw.appendHeader('vary', 'accept');
      const response = prefersHtml(request.raw) ? notFoundPage(path) : errorResponse(new NotFoundError([path]));
      return respond(request.raw, reply.raw, response);
    }
    const record = recordOf(request.raw);
    if (record) record.route = found.api;
    try {
      await found.handle(request.raw, reply.raw);
    } catch (err) {
      await respondWithError(log, request, reply, err);
    } finally {
      bodies.release(request.raw);
    }
  };
}
