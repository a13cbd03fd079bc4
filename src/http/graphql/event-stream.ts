import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { AttacheError, DatabaseUnavailableError, SubscriberTooSlowError } from '../../errors.ts';
import type { FrameStream } from '../../events/frame-stream.ts';

/**
 * Server-sent events, as
 * https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md says, each with the
 * cursor as its `id`: a client that connects again sends the last of them as `Last-Event-ID`, and
 * misses nothing.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */

/** How often a silent connection is written to, so that nobody between takes it for dead. */
const PING_MS = 12_000;

const cursorKey = Symbol('where the event lies');
const cutKey = Symbol('the server stops');

interface Told extends ExecutionResult {
  [cursorKey]?: string;
  /** The connection ends, but not the subscription: the client comes back. */
  [cutKey]?: true;
}

/** The results of a subscription, with what the transport needs to know beside them. */
export class ResultStream implements AsyncIterableIterator<ExecutionResult, undefined> {
  readonly #frames: FrameStream;
  readonly #tell: (error: unknown) => GraphQLError;
  #state: 'new' | 'open' | 'ended' = 'new';

  constructor(frames: FrameStream, tell: (error: unknown) => GraphQLError) {
    this.#frames = frames;
    this.#tell = tell;
  }

  async next(): Promise<IteratorResult<Told, undefined>> {
    if (this.#state === 'ended') return { done: true, value: undefined };
    if (this.#state === 'new') {
      this.#state = 'open';
      return { done: false, value: { [cursorKey]: this.#frames.cursor } };
    }
    try {
      const { done, value } = await this.#frames.next();
      if (!done) return { done: false, value: { ...value.result, [cursorKey]: value.cursor } };
      this.#state = 'ended';
      return { done: false, value: { [cutKey]: true } };
    } catch (error) {
      this.#state = 'ended';
      // What is no word on the subscription itself ends the connection alone: the client comes
      // back.
      const isCut = error instanceof SubscriberTooSlowError || error instanceof DatabaseUnavailableError;
      const isOver = error instanceof AttacheError && !isCut;
      return { done: false, value: isOver ? { errors: [this.#tell(error)] } : { [cutKey]: true } };
    }
  }

  async return(): Promise<IteratorResult<Told, undefined>> {
    this.#state = 'ended';
    await this.#frames.return();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** Writes streams of results as server-sent events. */
export function eventStreams(): Plugin {
  return {
    onResultProcess({ result, acceptableMediaTypes, setResultProcessor }) {
      if (!acceptableMediaTypes.includes('text/event-stream') || !(Symbol.asyncIterator in (result as object))) return;
      setResultProcessor((results, { Response }) => {
        const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' };
        return new Response(written(results as AsyncIterable<Told>), { headers });
      }, 'text/event-stream');
    },
  };
}

/**
 * Sends such a stream at the pace of its reader. Fulfils when the response is closed, by either
 * side.
 */
export async function sendEventStream({ status, headers, body }: Response, response: ServerResponse): Promise<void> {
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  if (response.destroyed) return reader.cancel();
  // A peer that vanished without closing is found by TCP, on a connection that may be silent for
  // days.
  response.socket?.setKeepAlive(true);
  response.writeHead(status, Object.fromEntries(headers));
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  const send = async () => {
    for (let read = await reader.read(); !read.done; read = await reader.read())
      if (!response.write(read.value)) await Promise.race([once(response, 'drain'), closed]);
    response.end();
  };
  await Promise.all([send(), closed.then(() => reader.cancel())]);
}

function written(results: AsyncIterable<Told>): ReadableStream<Uint8Array> {
  const iterator = results[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let ping: NodeJS.Timeout;
  return new ReadableStream({
    start(controller) {
      // Some browsers wait for a first byte before they say that the connection is open.
      controller.enqueue(encoder.encode(':\n\n'));
      ping = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(':\n\n'));
      }, PING_MS);
    },
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (!done && !value[cutKey]) return controller.enqueue(encoder.encode(textOf(value)));
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

/** Without data it is no event, but the client remembers the id. */
function textOf(told: Told): string {
  const id = told[cursorKey] === undefined ? '' : `id: ${told[cursorKey]}\n`;
  const isEvent = told.data !== undefined || told.errors !== undefined;
  return isEvent ? `event: next\n${id}data: ${JSON.stringify(told)}\n\n` : `${id}\n`;
}
