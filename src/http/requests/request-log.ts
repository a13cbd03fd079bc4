import { accountOf } from '../../auth/guest.ts';
import type { Viewer } from '../../auth/permissions.ts';
import type { FinishedConnection, FinishedRequest, RequestObserver, RequestRecord } from './observer.ts';

/** Lines in each period: of one user, of all users, and of all clients without credentials. */
const MAX_OF_USER = 3000;
const MAX_OF_USERS = 30_000;
const MAX_OF_OTHERS = 300;
const PERIOD_MS = 60_000;
/** Characters of the name of an operation. */
const MAX_NAME = 100;
/** What load balancers and Prometheus request every few seconds; logged when it fails. */
const probes = new Set(['/health/live', '/health/ready', '/metrics']);

/** The log of requests. Each line is written at once. */
export interface RequestLogger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
}

/**
 * Logs one line for each request, WebSocket operation and WebSocket. A flood cannot fill the disk:
 * beyond the limits of a minute, lines are counted, and the counts are logged. Clients without
 * credentials share a small part, so that they cannot use up that of users.
 */
export function logRequests(log: RequestLogger): RequestObserver & Disposable {
  const limit = new LineLimit(log);
  return {
    finished(request) {
      const { status = 0 } = request;
      if (probes.has(request.route) && status < 400) return;
      if (limit.allows(userOf(request))) log.info(detailsOf(request), 'request');
    },
    connectionClosed(connection) {
      if (limit.allows(userOf(connection))) log.info(connectionDetails(connection), 'connection closed');
    },
    operationStarted(record) {
      if (record.operation?.type === 'subscription') log.debug(shared(record), 'subscription started');
      return undefined;
    },
    [Symbol.dispose]: () => limit.summarize(),
  };
}

/** Whose lines are counted together. */
const userOf = ({ viewer }: RequestRecord): number | undefined => viewer && accountOf(viewer).userId;

/** A guest is not named as the user with whose rights it acts. */
const senderOf = ({ userId, keyId, guest }: Viewer) =>
  guest === undefined ? { userId, keyId } : { guest: guest === 'LINK' ? `link of User:${userId}` : guest };

const shared = ({ id, method, path, operation, viewer, address }: RequestRecord) => ({
  requestId: id,
  method,
  path,
  ...(operation && { operation: operation.name?.slice(0, MAX_NAME) ?? null, type: operation.type }),
  ...(viewer && senderOf(viewer)),
  address,
});

const detailsOf = (request: FinishedRequest) => ({
  ...shared(request),
  ...(request.transport === 'websocket' && { transport: 'websocket' }),
  status: request.status,
  ...(request.isAborted && { aborted: true }),
  ms: tenths(request.durationMs),
  bytesIn: request.bytesIn,
  bytesOut: request.bytesOut,
});

const connectionDetails = ({ code, durationMs, bytesIn, bytesOut, ...record }: FinishedConnection) => ({
  ...shared(record),
  transport: 'websocket',
  code,
  ms: tenths(durationMs),
  bytesIn,
  bytesOut,
});

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

/** Counts the lines of a period. It knows at most as many users as have signed in during one. */
class LineLimit {
  readonly #log: RequestLogger;
  readonly #byUser = new Map<number, number>();
  #ofUsers = 0;
  #ofOthers = 0;
  #omitted = 0;
  #since = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(log: RequestLogger) {
    this.#log = log;
  }

  /** `account` is undefined for a client without credentials. */
  allows(account: number | undefined): boolean {
    if (performance.now() - this.#since > PERIOD_MS) this.summarize();
    if (account !== undefined ? this.#allowsUser(account) : this.#ofOthers++ < MAX_OF_OTHERS) return true;
    this.#omitted += 1;
    this.#timer ??= setTimeout(() => this.summarize(), PERIOD_MS).unref();
    return false;
  }

  #allowsUser(userId: number): boolean {
    const lines = (this.#byUser.get(userId) ?? 0) + 1;
    if (lines > MAX_OF_USER || this.#ofUsers >= MAX_OF_USERS) return false;
    this.#byUser.set(userId, lines);
    this.#ofUsers += 1;
    return true;
  }

  /** Logs how many lines were left out, and begins the next period. */
  summarize(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#omitted > 0) this.#log.info({ omitted: this.#omitted }, 'further requests were not logged');
    this.#byUser.clear();
    this.#ofUsers = 0;
    this.#ofOthers = 0;
    this.#omitted = 0;
    this.#since = performance.now();
  }
}
