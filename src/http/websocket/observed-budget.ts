import type { GraphQLError } from 'graphql';
import type { Viewer } from '../../auth/permissions.ts';
import { httpStatuses } from '../../http-status.ts';
import { recordOf } from '../requests/observe-requests.ts';
import type { OperationInfo, RequestObserver, RequestRecord } from '../requests/observer.ts';
import type { Connection } from './connection.ts';

/** One operation of many has no bytes of its own. */
const ofOperation = { transport: 'websocket', isAborted: false, bytesIn: undefined, bytesOut: undefined } as const;

interface ObserveOptions {
  requests: Required<RequestObserver>;
  connection: Connection;
  viewer: Viewer;
  /** Undefined for a document without the operation, which fails. */
  info: OperationInfo | undefined;
}

/**
 * Reports an operation of a WebSocket as a request that ends with its budget, as it does also when
 * the connection is closed.
 */
export function observedBudget(budget: Disposable, { requests, connection, viewer, info }: ObserveOptions): Disposable {
  const opened = recordOf(connection.request);
  if (!opened) return budget;
  const startedAt = performance.now();
  const record: RequestRecord = { ...opened, viewer, startedAt, ...(info && { operation: info }) };
  const end = requests.operationStarted(record);
  let isOpen = true;
  return {
    [Symbol.dispose]() {
      budget[Symbol.dispose]();
      if (!isOpen) return;
      isOpen = false;
      end?.();
      const durationMs = performance.now() - startedAt;
      requests.finished({ ...record, ...ofOperation, status: 200, durationMs });
    },
  };
}

/** Reports an operation that was refused before it ran, with the status that HTTP has for it. */
export function reportRefused(
  requests: Required<RequestObserver>,
  { request }: Connection,
  startedAt: number,
  refusal: GraphQLError | undefined,
): void {
  const opened = recordOf(request);
  if (!opened) return;
  const status = (httpStatuses as Record<string, number>)[String(refusal?.extensions.code)] ?? 400;
  requests.finished({ ...opened, ...ofOperation, startedAt, status, durationMs: performance.now() - startedAt });
}
