import type { Viewer } from '../../auth/permissions.ts';

/** What is known of an HTTP request, or of the request that opened a WebSocket, while it runs. */
export interface RequestRecord {
  /** From `X-Request-Id`, or generated. */
  readonly id: string;
  readonly method: string;
  /** Without the query string and what may be a secret; see `loggable-path.ts`. */
  readonly path: string;
  /** One of a fixed set of names, whatever the client sends. */
  route: string;
  /** The address of the client. */
  readonly address: string;
  /** As `performance.now()`. */
  readonly startedAt: number;
  /** The viewer, once the credentials were accepted. */
  viewer?: Viewer;
  /** The GraphQL operation, once it was parsed. */
  operation?: OperationInfo;
  /** What a tracer needs to continue the trace of the request. */
  span?: unknown;
}

export interface OperationInfo {
  /** The name that the client gave it. */
  name: string | undefined;
  type: 'query' | 'mutation' | 'subscription';
  /** Whether the operator chose the documents, and so the names, that clients may run. */
  isTrusted?: boolean;
}

/** A request that ended. */
export interface FinishedRequest extends RequestRecord {
  transport: 'http' | 'websocket';
  /** 499, as in nginx, when the client left before there was a response. */
  status: number | undefined;
  /** Whether the connection was closed before the response was complete. */
  isAborted: boolean;
  durationMs: number;
  /**
   * Bytes of the connection that the request took, with headers. Unknown of one operation of many.
   */
  bytesIn: number | undefined;
  bytesOut: number | undefined;
}

/** A WebSocket that was closed. */
export interface FinishedConnection extends RequestRecord {
  /** https://www.rfc-editor.org/rfc/rfc6455#section-7.4 */
  code: number;
  durationMs: number;
  bytesIn: number;
  bytesOut: number;
}

/** Observes every request of every transport. Its functions are fast, and never throw. */
export interface RequestObserver {
  /** Called before anything else of the request runs. */
  started?(record: RequestRecord, headers: Readonly<Record<string, string | string[] | undefined>>): void;
  /** A GraphQL operation begins to be executed. The result is called when it has ended. */
  operationStarted?(record: RequestRecord): (() => void) | undefined;
  finished(request: FinishedRequest): void;
  connectionOpened?(record: RequestRecord): void;
  connectionClosed?(connection: FinishedConnection): void;
}

/** An observer that calls all of them. */
export const allObservers = (observers: readonly RequestObserver[]): Required<RequestObserver> => ({
  started: (record, headers) => {
    for (const one of observers) one.started?.(record, headers);
  },
  operationStarted: (record) => {
    const ends = observers.flatMap((one) => one.operationStarted?.(record) ?? []);
    return ends.length === 0 ? undefined : () => ends.forEach((end) => void end());
  },
  finished: (request) => {
    for (const one of observers) one.finished(request);
  },
  connectionOpened: (record) => {
    for (const one of observers) one.connectionOpened?.(record);
  },
  connectionClosed: (connection) => {
    for (const one of observers) one.connectionClosed?.(connection);
  },
});
