import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { AttacheError, DatabaseUnavailableError, SubscriberTooSlowError, TokenExpiredError } from '../../errors.ts';
import type { FrameStream } from '../../events/frame-stream.ts';
import { onExpiry } from '../expiry-timer.ts';
import type { ErrorTranslator } from './bounded-response.ts';

/**
 * Server-sent events of GraphQL subscriptions:
 * https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md
 *
 * The `id` of each event is its cursor. A client that reconnects sends the last one as
 * `Last-Event-ID`, and resumes after it.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */

/** How often a comment is sent, so that proxies do not close a connection without events. */
const PING_MS = 12_000;

const cursorKey = Symbol('cursor');
const disconnectKey = Symbol('disconnect');

interface StreamResult extends ExecutionResult {
  [cursorKey]?: string;
  /** The connection ends without `complete`, so that the client reconnects and resumes. */
  [disconnectKey]?: true;
}

/** The results of a subscription, with the cursors and disconnects for `eventStreams`. */
export class ResultStream implements AsyncIterableIterator<ExecutionResult, undefined> {
  readonly #frames: FrameStream;
  readonly #translate: ErrorTranslator;
  #state: 'new' | 'open' | 'ended' = 'new';

  constructor(frames: FrameStream, translate: ErrorTranslator) {
    this.#frames = frames;
    this.#translate = translate;
  }

  async next(): Promise<IteratorResult<StreamResult, undefined>> {
    if (this.#state === 'ended') return { done: true, value: undefined };
    if (this.#state === 'new') {
      this.#state = 'open';
      return { done: false, value: { [cursorKey]: this.#frames.cursor } };
    }
    try {
      const { done, value } = await this.#frames.next();
      if (!done) return { done: false, value: { ...value.result, [cursorKey]: value.cursor } };
      this.#state = 'ended';
      return { done: false, value: { [disconnectKey]: true } };
    } catch (error) {
      this.#state = 'ended';
      // A slow reader, a missing database, an expired token and a fault end the connection only:
      // the client resumes.
      const isResumable =
        error instanceof SubscriberTooSlowError ||
        error instanceof DatabaseUnavailableError ||
        error instanceof TokenExpiredError;
      const isFinal = error instanceof AttacheError && !isResumable;
      return { done: false, value: isFinal ? { errors: [this.#translate(error)] } : { [disconnectKey]: true } };
    }
  }

  async return(): Promise<IteratorResult<StreamResult, undefined>> {
    this.#state = 'ended';
    await this.#frames.return();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** Sends streams of results as server-sent events. */
export function eventStreams(): Plugin {
  return {
    onResultProcess({ result, acceptableMediaTypes, setResultProcessor }) {
      if (!acceptableMediaTypes.includes('text/event-stream') || !(Symbol.asyncIterator in (result as object))) return;
      setResultProcessor((results, { Response }) => {
        const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' };
        return new Response(encodeEvents(results as AsyncIterable<StreamResult>), { headers });
      }, 'text/event-stream');
    },
  };
}

/**
 * Sends an event stream as fast as its client reads, until the credentials end. Resolves when
 * either side has closed the response.
 */
export async function sendEventStream(
  { status, headers, body }: Response,
  response: ServerResponse,
  expiresAt: Date | undefined,
): Promise<void> {
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  if (response.destroyed) return reader.cancel();
  // The connection may be silent for days: TCP detects a client that vanished without closing it.
  response.socket?.setKeepAlive(true);
  response.writeHead(status, Object.fromEntries(headers));
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  // The stream ends without `complete`, so that the client resumes, with new credentials.
  using _expiry = onExpiry(expiresAt, () => void reader.cancel());
  const send = async () => {
    for (let read = await reader.read(); !read.done; read = await reader.read())
      if (!response.write(read.value)) await Promise.race([once(response, 'drain'), closed]);
    response.end();
  };
  await Promise.all([send(), closed.then(() => reader.cancel())]);
}

function encodeEvents(results: AsyncIterable<StreamResult>): ReadableStream<Uint8Array> {
  const iterator = results[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let ping: NodeJS.Timeout;
  return new ReadableStream({
    start(controller) {
      // Some browsers fire `open` only after the first byte.
      controller.enqueue(encoder.encode(':\n\n'));
      ping = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(':\n\n'));
      }, PING_MS);
    },
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (!done && !value[disconnectKey]) return controller.enqueue(encoder.encode(formatEvent(value)));
      clearInterval(ping);
      if (done) controller.enqueue(encoder.encode('event: complete\ndata:\n\n'));
      controller.close();
    },
    async cancel() {
      clearInterval(ping);
      await iterator.return?.();
    },
  });
}

/** A result without data and errors only sets the client's last event id. */
function formatEvent(result: StreamResult): string {
  const id = result[cursorKey] === undefined ? '' : `id: ${result[cursorKey]}\n`;
  const isEvent = result.data !== undefined || result.errors !== undefined;
  return isEvent ? `event: next\n${id}data: ${JSON.stringify(result)}\n\n` : `${id}\n`;
}
