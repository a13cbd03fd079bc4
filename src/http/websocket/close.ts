import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';

/**
 * Codes to close a WebSocket with, beside those of the graphql-ws protocol.
 * https://www.iana.org/assignments/websocket/websocket.xml#close-code-number
 */
export const POLICY_VIOLATION = 1008;
export const MESSAGE_TOO_BIG = 1009;
/** The clients of graphql-ws reconnect after each of the following. */
export const SERVICE_RESTART = 1012;
export const TRY_AGAIN_LATER = 1013;
export const SUBSCRIBER_TOO_SLOW = 4410;

/**
 * The code of credentials that ended: the clients of graphql-ws reconnect after it, and request new
 * credentials. They give up after 4401.
 */
export const CREDENTIALS_EXPIRED = CloseCode.Forbidden;

/** How long a client may take to receive the close code and to close its side. */
const TERMINATE_MS = 1000;

/** Closes a WebSocket, and terminates it after a second: the client may not read or not respond. */
export function closeForcibly(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), TERMINATE_MS).unref();
}
