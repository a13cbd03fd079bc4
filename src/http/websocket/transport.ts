import { CloseCode, type Server } from 'graphql-ws';
import type { Log } from '../../context.ts';
import { AttacheError } from '../../errors.ts';
import type { BodyBudget } from '../body/body-budget.ts';
import { assertJsonBounds, GRAPHQL_JSON, withoutByteOrderMark } from '../body/json-body.ts';
import { DOCUMENT_ID_PARAMS, isIdAlone } from '../graphql/persisted-query.ts';
import { TRY_AGAIN_LATER } from './close.ts';
import type { Connection } from './connection.ts';
import { startPinging } from './liveness.ts';
import { MessageMemory } from './message-memory.ts';
import { limitMessageRate } from './message-rate.ts';

/** https://www.rfc-editor.org/rfc/rfc6455#section-5.5: 125 bytes with the code. */
const MAX_REASON_BYTES = 123;
/** Characters of a longer reason that are sent: they fit, whatever their UTF-8 length. */
const REASON_CHARACTERS = 40;

/** The codes of a write to a connection that the client has closed. */
const disconnectCodes = new Set([
  'EPIPE',
  'ECONNRESET',
  'ECANCELED',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/**
 * A message could not be sent. Lost database connections have the same codes; this class differs.
 */
class SendError extends Error {
  override readonly name = 'SendError';
  readonly isDisconnect: boolean;
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.isDisconnect = disconnectCodes.has((cause as NodeJS.ErrnoException).code ?? '');
  }
}

/** A message with the id of a document has one of these. */
const ID_MEMBERS = ['persistedQuery', ...DOCUMENT_ID_PARAMS].map((name) => `"${name}"`);

type MessageHandler = (message: string) => Promise<void>;

/**
 * Runs the graphql-ws protocol over one WebSocket. Errors of the client are logged at info or not
 * at all, and never with a stack.
 */
export function runProtocol(
  protocol: Server<Connection>,
  connection: Connection,
  { budget, log }: { budget: BodyBudget; log: Log },
): void {
  const { socket } = connection;
  socket.on('error', (error) => log.info({ reason: error.message }, 'a WebSocket client violated the protocol'));
  const stopPinging = startPinging(socket);
  const memory = new MessageMemory(connection, budget);
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) =>
        new Promise((resolve, reject) => {
          if (socket.readyState !== socket.OPEN) resolve();
          else socket.send(data, (error) => (error ? reject(new SendError(error)) : resolve()));
        }),
      close: (code, reason = '') => socket.close(code, shortReason(reason)),
      onMessage: (handle) =>
        socket.on(
          'message',
          limitMessageRate(socket, (message) => handleMessage(message, handle, { connection, memory, log })),
        ),
    },
    connection,
  );
  socket.once('close', (code, reason) => {
    stopPinging();
    memory.cancel();
    void closed(code, String(reason));
  });
}

async function handleMessage(
  bytes: Buffer,
  handle: MessageHandler,
  { connection, memory, log }: { connection: Connection; memory: MessageMemory; log: Log },
): Promise<void> {
  const { socket } = connection;
  const message = withoutByteOrderMark(bytes);
  if (!isWithinBounds(message)) return socket.close(CloseCode.BadRequest, 'The message has too much structure');
  const release = await memory.reserve(message.length);
  if (!release) return;
  connection.activeMessages += 1;
  connection.messageBytes = message.length;
  connection.releaseMessage = release;
  try {
    await handle(withQuery(String(message)));
  } catch (err) {
    if (err instanceof SendError && err.isDisconnect) {
      log.info({ reason: err.message }, 'a WebSocket client disconnected before its response was sent');
      return socket.terminate();
    }
    // A fault of the server, such as a missing database: the client may reconnect, to any node.
    log.error({ err }, 'a WebSocket message could not be handled');
    socket.close(TRY_AGAIN_LATER, 'Try again');
  } finally {
    connection.activeMessages -= 1;
    release();
  }
}

const shortReason = (reason: string): string =>
  Buffer.byteLength(reason) <= MAX_REASON_BYTES ? reason : reason.slice(0, REASON_CHARACTERS).toWellFormed();

/**
 * Adds an empty query to a message with the id of a document alone, for `onSubscribe`. Without a
 * query, the protocol library would close the connection.
 */
function withQuery(message: string): string {
  if (!ID_MEMBERS.some((member) => message.includes(member))) return message;
  try {
    const { payload, ...envelope } = JSON.parse(message);
    return isIdAlone(payload) ? JSON.stringify({ ...envelope, payload: { ...payload, query: '' } }) : message;
  } catch {
    return message; // the protocol library reports invalid JSON
  }
}

/** Whether the structure of the message is small enough to be parsed. */
function isWithinBounds(message: Buffer): boolean {
  try {
    assertJsonBounds(message, GRAPHQL_JSON);
    return true;
  } catch (error) {
    if (error instanceof AttacheError) return false;
    throw error;
  }
}
