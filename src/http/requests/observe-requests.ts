import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { describePath } from './loggable-path.ts';
import type { RequestObserver, RequestRecord } from './observer.ts';

const RECORD = Symbol('record');
const COUNTED = Symbol('counted');

/** Properties, since a `WeakMap` is measurably slower here. */
type RecordedRequest = IncomingMessage & { [RECORD]?: RequestRecord };
type CountedSocket = Socket & { [COUNTED]?: { read: number; written: number } };

/** Short, and plain in a log, a header and a URL. Anything else is replaced. */
const REQUEST_ID = /^[\w.:-]{1,64}$/;
/** The status of a request whose client left before there was a response, as in nginx. */
const CLIENT_CLOSED_REQUEST = 499;

export interface ObserveOptions {
  observer: Required<RequestObserver>;
  addressOf(request: IncomingMessage): string;
}

/** What is known of a request. Undefined for a request that no server has received. */
export const recordOf = (request: IncomingMessage): RequestRecord | undefined => (request as RecordedRequest)[RECORD];

/**
 * Observes all requests of a server, also those that are refused before a route is found. Sends the
 * id of each as `X-Request-Id`. To be called before the first request.
 */
export function observeRequests(server: Server, options: ObserveOptions): void {
  const { observer } = options;
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const record = createRecord(request, options);
    response.setHeader('x-request-id', record.id);
    const { socket } = request;
    observer.started(record, request.headers);
    response.once('close', () => {
      const { read, written } = countBytes(socket);
      observer.finished({
        ...record,
        transport: 'http',
        status: response.headersSent ? response.statusCode : CLIENT_CLOSED_REQUEST,
        isAborted: !response.writableFinished,
        durationMs: performance.now() - record.startedAt,
        bytesIn: read,
        bytesOut: written,
      });
    });
  });
  server.prependListener('upgrade', (request: IncomingMessage) => {
    createRecord(request, options);
  });
}

function createRecord(request: RecordedRequest, { addressOf }: ObserveOptions): RequestRecord {
  const given = request.headers['x-request-id'];
  const record: RequestRecord = {
    id: typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID(),
    method: request.method ?? '',
    ...describePath(request.url),
    address: addressOf(request),
    startedAt: performance.now(),
  };
  request[RECORD] = record;
  return record;
}

/** The bytes of a connection since the last call. A connection carries one request at a time. */
export function countBytes(socket: CountedSocket): { read: number; written: number } {
  const before = socket[COUNTED] ?? { read: 0, written: 0 };
  const now = { read: socket.bytesRead, written: socket.bytesWritten };
  socket[COUNTED] = now;
  return { read: now.read - before.read, written: now.written - before.written };
}
