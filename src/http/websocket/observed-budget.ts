import type { Viewer } from '../../auth/permissions.ts';
import { recordOf } from '../requests/observe-requests.ts';
import type { OperationInfo, RequestObserver, RequestRecord } from '../requests/observer.ts';
import type { Connection } from './connection.ts';

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
      const bytes = { bytesIn: undefined, bytesOut: undefined };
      requests.finished({ ...record, transport: 'websocket', status: 200, isAborted: false, durationMs, ...bytes });
    },
  };
}
