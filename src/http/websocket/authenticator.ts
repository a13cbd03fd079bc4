import { CloseCode } from 'graphql-ws';
import type { Viewer } from '../../auth/permissions.ts';
import type { Log } from '../../context.ts';
import {
  AttacheError,
  DatabaseUnavailableError,
  isTemporary,
  RateLimitedError,
  TokenExpiredError,
} from '../../errors.ts';
import type { EventHub } from '../../events/hub.ts';
import type { Authentication } from '../authentication.ts';
import { onExpiry } from '../expiry-timer.ts';
import { CREDENTIALS_EXPIRED, TRY_AGAIN_LATER } from './close.ts';
import type { Connection } from './connection.ts';
import { terminateIfDead } from './liveness.ts';

export interface AuthenticatorOptions {
  authentication: Pick<Authentication, 'authenticate' | 'authenticateAgain' | 'countRequest'>;
  /** Counts the connections of users, and reports keys that may have been revoked. */
  events: Pick<EventHub, 'onAccessChange' | 'onLimit' | 'connect'>;
  log: Log;
  /** The open connections. */
  connections: ReadonlySet<Connection>;
}

function closeCodeOf(error: AttacheError): number {
  if (error instanceof TokenExpiredError) return CREDENTIALS_EXPIRED;
  return isTemporary(error) ? TRY_AGAIN_LATER : CloseCode.Unauthorized;
}

/** Authenticates WebSocket connections, and closes those whose key is not valid. */
export class SocketAuthenticator {
  readonly #options: AuthenticatorOptions;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /** Authenticates a new connection. Undefined when that fails: then the socket is closed. */
  signIn(connection: Connection): Promise<Viewer | undefined> {
    const { authenticate } = this.#options.authentication;
    return this.#viewerOf(connection, () => authenticate(connection.request, connection.key));
  }

  /** Looks up the connection's key. Undefined when it is not valid: then the socket is closed. */
  viewerOf(connection: Connection): Promise<Viewer | undefined> {
    const { authenticateAgain } = this.#options.authentication;
    return this.#viewerOf(connection, () => authenticateAgain(connection.request, connection.key));
  }

  /** Counts an operation as a request. Returns the error when there are too many. */
  countOperation({ request }: Connection, viewer: Viewer): RateLimitedError | undefined {
    try {
      this.#options.authentication.countRequest(request, viewer);
      return undefined;
    } catch (error) {
      if (error instanceof RateLimitedError) return error;
      throw error;
    }
  }

  async #viewerOf(connection: Connection, authenticate: () => Promise<Viewer>): Promise<Viewer | undefined> {
    const { log } = this.#options;
    const { socket } = connection;
    try {
      const viewer = await authenticate();
      connection.userId = viewer.userId;
      return viewer;
    } catch (error) {
      if (!(error instanceof AttacheError)) throw error;
      if (error instanceof DatabaseUnavailableError) log.error({ err: error }, 'a key could not be looked up');
      socket.close(closeCodeOf(error), error instanceof TokenExpiredError ? 'The token has expired' : error.code);
      return undefined;
    }
  }

  /**
   * Counts a connection among those of its user. False when there are too many: then it is closed.
   */
  async admit(viewer: Viewer, connection: Connection): Promise<boolean> {
    const { events, connections } = this.#options;
    try {
      const lease = await events.connect(viewer);
      if (connections.has(connection)) {
        connection.lease = lease;
        const { socket } = connection;
        connection.expiry = onExpiry(viewer.expiresAt, () =>
          socket.close(CREDENTIALS_EXPIRED, 'The token has expired'),
        );
      } else lease[Symbol.dispose]();
      connection.markAuthenticated();
      return true;
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
      connection.socket.close(TRY_AGAIN_LATER, 'Too many connections of this user');
      return false;
    }
  }

  /** Closes dead connections of a user who is at a limit. Dispose to stop. */
  watchLimits(): Disposable {
    const { events, connections } = this.#options;
    return events.onLimit(async (userId) => {
      const own = [...connections].filter((connection) => connection.userId === userId);
      const closed = await Promise.all(own.map(({ socket }) => terminateIfDead(socket)));
      return closed.includes(true);
    });
  }

  /** Looks up the keys of a user's connections when they may have been revoked. Dispose to stop. */
  watchKeys(): Disposable {
    const { events, connections, log } = this.#options;
    return events.onAccessChange((change) => {
      if (!('userId' in change)) return;
      for (const connection of connections) {
        if (connection.userId === change.userId)
          this.viewerOf(connection).catch((err) => log.error({ err }, 'a key could not be looked up'));
      }
    });
  }
}
