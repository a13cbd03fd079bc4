import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Lease } from '../../events/usage-limiter.ts';

/** The state of one WebSocket connection: the `extra` of the protocol library's handlers. */
export interface Connection extends Record<PropertyKey, unknown> {
  socket: WebSocket;
  /** The request that was upgraded. */
  request: IncomingMessage;
  /** The API key or the token that the client sent. */
  key?: string | undefined;
  /** The viewer of the key at its last look-up. Undefined until the connection is authenticated. */
  userId?: number;
  /** Whether error messages may suggest names of the schema to the viewer. */
  canReadSchema?: boolean;
  /** The connection's share of its user's connections. */
  lease?: Lease;
  /** Closes the connection when its token ends, unless it is disposed of. */
  expiry?: Disposable;
  /** Lifts the limits of unauthenticated connections. */
  markAuthenticated(): void;
  /** Messages that are being handled. One that starts an operation is handled until that ends. */
  activeMessages: number;
  /** The bytes of the message that is being handled now. */
  messageBytes: number;
  /** Frees the memory of that message. */
  releaseMessage(): void;
  /** Ends the subscription of an operation, by the operation's id. */
  stops: Map<string, () => void>;
  /** The budgets of running operations, with the operations' ids. */
  budgets: { id: string; budget: Disposable }[];
}
