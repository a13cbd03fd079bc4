import type { IncomingMessage, ServerResponse } from 'node:http';
import type { YogaInitialContext } from 'graphql-yoga';
import { toErrorResponse } from '../errors.ts';
import { MultipartForm } from '../multipart/multipart-form.ts';
import { type HttpResponse, respond } from '../respond.ts';
import type { LargeResponse } from './bounded-response.ts';
import { sendEventStream } from './event-stream.ts';
import { extensionsOf } from './http-error.ts';
import { graphQLTypeFor } from './media-type.ts';
import type { GraphQLOptions, GraphQLServer, OperationContext } from './options.ts';

/**
 * Handles one HTTP request of an authenticated viewer or guest: no body is read of anybody else.
 */
export async function handleGraphQL(
  graphql: GraphQLServer,
  options: GraphQLOptions,
  caller: Pick<OperationContext, 'viewer' | 'guest' | 'userId' | 'budget'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const largeResponse: LargeResponse = {};
  const holds: Promise<void>[] = [];
  const holdResponse = (until: Promise<void>) => void holds.push(until);
  const client = options.clientOf(request);
  const operation: OperationContext = { ...caller, client, req: request, largeResponse, holdResponse };
  const execute = async () => {
    await using form = isMultipart(request) ? new MultipartForm(request, caller.userId, options) : undefined;
    operation.form = form;
    return await graphql.yoga.handleNodeRequestAndResponse(request, response, operation);
  };
  try {
    // The form is disposed here: its unused files are removed before the client gets the response.
    const result = await execute();
    await Promise.all(holds);
    if (isEventStream(result)) {
      options.budget.release(request); // an event stream may last for days
      result.headers.delete('content-encoding'); // Yoga says "none", which is not a content coding
      closeWhenStalled(response, options.slowReaderMs);
      await sendEventStream(result, response, caller.guest ? undefined : caller.viewer.expiresAt);
      return;
    }
    await respond(request, response, {
      status: result.status,
      headers: Object.fromEntries(result.headers),
      body: largeResponse.chunks ?? (await result.text()),
    });
  } finally {
    options.budget.release(request);
    detachRequest(operation);
  }
}

/** What the context has of a request, from the operation and from Yoga. */
const OF_REQUEST: readonly (keyof OperationContext | keyof YogaInitialContext)[] = [
  'form',
  'req',
  'holdResponse',
  'largeResponse',
  'request',
  'params',
  'waitUntil',
];

/**
 * Removes the request from the context of its operation, to be called when the response is sent.
 * Dataloaders are values of a `WeakMap` by the context of resolvers, and refer to it; it refers to
 * the operation. Small garbage collections take such values for alive: all of the request would be
 * copied twice, and stay in memory until the next full collection.
 */
function detachRequest(operation: OperationContext): void {
  for (const name of OF_REQUEST) Reflect.deleteProperty(operation, name);
}

const isMultipart = ({ method, headers }: IncomingMessage): boolean =>
  method === 'POST' && /^\s*multipart\/form-data\b/i.test(headers['content-type'] ?? '');

const isEventStream = ({ headers }: Response): boolean =>
  headers.get('content-type')?.startsWith('text/event-stream') ?? false;

/** Closes a response that its client does not read for `timeoutMs`; the client can resume. */
function closeWhenStalled(response: ServerResponse, timeoutMs: number): void {
  // Of a client that has disconnected, `close` was emitted already: the interval would never end.
  if (response.destroyed) return;
  let isStalled = false;
  const check = setInterval(() => {
    if (isStalled && response.writableNeedDrain) response.destroy();
    isStalled = response.writableNeedDrain;
  }, timeoutMs);
  response.on('drain', () => {
    isStalled = false;
  });
  response.once('close', () => clearInterval(check));
}

/**
 * The response to an error outside of any operation, in the media type that `accept` prefers.
 */
export function graphQLErrorResponse(cause: unknown, accept: string | undefined): HttpResponse {
  const { status, headers, error } = toErrorResponse(cause);
  const body = JSON.stringify({ errors: [{ message: error.message, extensions: extensionsOf(cause, error) }] });
  return { status, headers: { ...headers, 'content-type': `${graphQLTypeFor(accept)}; charset=utf-8` }, body };
}
