import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Log } from '../../context.ts';
import { AttacheError, RateLimitedError } from '../../errors.ts';
import type { Lease } from '../../events/usage-limiter.ts';
import type { BodyBudget } from '../body/body-budget.ts';
import { assertJsonBounds, GRAPHQL_JSON, withoutByteOrderMark } from '../body/json-body.ts';
import { isHashAlone } from '../graphql/persisted-query.ts';
import { limitMessageRate } from './message-rate.ts';

/** How often a silent client is asked whether it is still there. */
const PING_MS = 12_000;

/** Of a reason to close a connection; and characters that always fit into them. */
const MAX_REASON_BYTES = 123;
const FITTING = 40;

/** Clients answer it by connecting again. https://www.iana.org/assignments/websocket/websocket.xml#close-code-number */
export const TRY_AGAIN_LATER = 1013;

/** What of a connection the protocol's handlers see. */
export interface SocketExtra extends Record<PropertyKey, unknown> {
  socket: WebSocket;
  request: IncomingMessage;
  /** What the client gave as its key, and whose it was when it was last looked at. */
  key?: string | undefined;
  userId?: number;
  /** Its place among the connections of that user. */
  lease?: Lease;
  /** To be called when it is known whose it is. */
  authenticated(): void;
  /** Messages that are being handled: one that begins an operation, until that ends. */
  handling: number;
  /** Of the message that is handled now. */
  messageBytes: number;
  /** Gives back the room of that message, once it is not needed any more. */
  release(): void;
  /** Ends the subscription of an operation, by its id. */
  stops: Map<string, () => void>;
  /** What its operations use, by their ids, until they are over. */
  budgets: { id: string; budget: Disposable }[];
}

const shortReason = (reason: string): string =>
  Buffer.byteLength(reason) <= MAX_REASON_BYTES ? reason : reason.slice(0, FITTING).toWellFormed();

/** What writing fails with when the other side of a connection has closed it. */
const clientGone = new Set(['EPIPE', 'ECONNRESET', 'ECANCELED', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

/** An answer could not be sent. (The database loses connections with the same codes, and is told apart by this.) */
class SendError extends Error {
  override readonly name = 'SendError';
  readonly isClientGone: boolean;
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.isClientGone = clientGone.has((cause as NodeJS.ErrnoException).code ?? '');
  }
}

/** Carries the protocol over one WebSocket. What a client does wrong goes to the log at most, and never as a stack. */
export function runProtocol(
  protocol: Server<SocketExtra>,
  extra: SocketExtra,
  { budget, log }: { budget: BodyBudget; log: Log },
): void {
  const { socket } = extra;
  socket.on('error', (error) => log.info({ reason: error.message }, 'a WebSocket client broke the protocol'));

  let isThere = true;
  socket.on('pong', () => {
    isThere = true;
  });
  const ping = setInterval(() => {
    // What is not read at the moment cannot be heard.
    if (!isThere && !socket.isPaused) return socket.terminate();
    isThere = false;
    socket.ping();
  }, PING_MS);

  const held = new Set<EventEmitter>();
  let turn: Promise<unknown> | undefined;
  /** Takes room for a message until it is handled. While there is none, the socket is not read. */
  const hasRoom = async (body: EventEmitter, bytes: number): Promise<boolean> => {
    while (turn) await turn; // messages are handled in their order
    if (extra.userId === undefined) return true; // bounded by what unauthenticated sockets may send
    held.add(body);
    const wait = budget.reserve(body, extra.userId, bytes);
    if (!wait) return true;
    turn = wait.catch(() => {});
    socket.pause();
    try {
      await wait;
      return true;
    } catch (error) {
      held.delete(body);
      if (!(error instanceof RateLimitedError)) throw error;
      socket.close(TRY_AGAIN_LATER, error.code);
      return false;
    } finally {
      turn = undefined;
      socket.resume();
    }
  };

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== socket.OPEN) resolve();
          else socket.send(data, (error) => (error ? reject(new SendError(error)) : resolve()));
        }),
      // https://www.rfc-editor.org/rfc/rfc6455#section-5.5 a control frame has at most 125 bytes, the code among them.
      close: (code, reason = '') => socket.close(code, shortReason(reason)),
      onMessage: (take) =>
        socket.on(
          'message',
          limitMessageRate(socket, async (bytes) => {
            const message = withoutByteOrderMark(bytes);
            if (!isBounded(message)) return socket.close(CloseCode.BadRequest, 'The message has too much structure');
            const body = new EventEmitter();
            if (!(await hasRoom(body, message.length))) return;
            extra.handling += 1;
            extra.messageBytes = message.length;
            extra.release = () => budget.release(body);
            try {
              await take(withQuery(String(message)));
            } catch (err) {
              if (err instanceof SendError && err.isClientGone) {
                log.info({ reason: err.message }, 'a WebSocket client went away before its answer was sent');
                return socket.terminate();
              }
              // A fault of ours, as when the database is away for a moment: clients come back, as to any other node.
              log.error({ err }, 'a WebSocket message could not be handled');
              socket.close(TRY_AGAIN_LATER, 'Try again');
            } finally {
              extra.handling -= 1;
              held.delete(body);
              budget.release(body);
            }
          }),
        ),
    },
    extra,
  );
  socket.once('close', (code, reason) => {
    clearInterval(ping);
    for (const body of held) body.emit('close');
    void closed(code, String(reason));
  });
}

/**
 * A message as the protocol's library takes it: a hash that comes without a query gets an empty one, and is refused
 * by an error of its operation. The library would close the connection.
 */
function withQuery(message: string): string {
  if (!message.includes('"persistedQuery"')) return message;
  try {
    const { payload, ...envelope } = JSON.parse(message);
    return isHashAlone(payload) ? JSON.stringify({ ...envelope, payload: { ...payload, query: '' } }) : message;
  } catch {
    return message; // not JSON: told by the library
  }
}

/** Whether a message may be parsed: JSON of a client is bounded before that. */
function isBounded(message: Buffer): boolean {
  try {
    assertJsonBounds(message, GRAPHQL_JSON);
    return true;
  } catch (error) {
    if (error instanceof AttacheError) return false;
    throw error;
  }
}
