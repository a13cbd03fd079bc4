import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { FinishedRequest, RequestObserver } from '../http/requests/observer.ts';

/**
 * Names of GraphQL operations that have series of their own: clients choose the names, and each
 * takes memory here and in Prometheus. Those that come later share one. One user adds no more than
 * the operations of the page, so that a script with random names leaves room for others.
 */
const MAX_OPERATIONS = 300;
const MAX_OF_USER = 150;
const MAX_NAME = 64;
const OTHER_OPERATIONS = 'other';
/** All operations of guests, who are strangers, unless only trusted documents run. */
const GUEST_OPERATIONS = 'guest';

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** Counts and times the requests of all transports. */
export function requestMetrics(register: Registry): RequestObserver {
  const registers = [register];
  const total = new Counter({
    name: 'attache_requests_total',
    help: 'Requests and WebSocket operations that ended, by transport, route, GraphQL operation and status.',
    labelNames: ['transport', 'route', 'operation', 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'attache_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its response; without subscriptions.',
    labelNames: ['route', 'operation'],
    buckets: BUCKETS,
    registers,
  });
  const received = new Counter({
    name: 'attache_received_bytes_total',
    help: 'Bytes of HTTP requests and WebSockets that ended, with headers.',
    labelNames: ['route'],
    registers,
  });
  const sent = new Counter({
    name: 'attache_sent_bytes_total',
    help: 'Bytes of HTTP responses and WebSockets that ended, with headers.',
    labelNames: ['route'],
    registers,
  });
  const inProgress = new Gauge({
    name: 'attache_requests_in_progress',
    help: 'HTTP requests without a complete response; also event streams.',
    registers,
  });
  const sockets = new Gauge({ name: 'attache_websockets', help: 'Open WebSockets.', registers });
  const operationOf = boundedNames();
  return {
    started: () => inProgress.inc(),
    finished(request) {
      const { transport, route, status = 0, durationMs, bytesIn = 0, bytesOut = 0 } = request;
      const operation = operationOf(request);
      total.inc({ transport, route, operation, status });
      if (request.operation?.type !== 'subscription') duration.observe({ route, operation }, durationMs / 1000);
      if (transport === 'websocket') return;
      inProgress.dec();
      received.inc({ route }, bytesIn);
      sent.inc({ route }, bytesOut);
    },
    connectionOpened: () => sockets.inc(),
    connectionClosed({ bytesIn, bytesOut }) {
      sockets.dec();
      received.inc({ route: 'websocket' }, bytesIn);
      sent.inc({ route: 'websocket' }, bytesOut);
    },
  };
}

/** The label of an operation, of which there are few. It is empty outside of GraphQL. */
function boundedNames(): (request: FinishedRequest) => string {
  const known = new Set<string>();
  /** How many names each user has added: at most as many users as names. */
  const addedBy = new Map<number | undefined, number>();
  return ({ operation, viewer }) => {
    if (!operation) return '';
    if (viewer?.guest !== undefined && !operation.isTrusted) return GUEST_OPERATIONS;
    const name = operation.name ?? `unnamed ${operation.type}`;
    if (known.has(name)) return name;
    const added = addedBy.get(viewer?.userId) ?? 0;
    if (known.size >= MAX_OPERATIONS || added >= MAX_OF_USER || name.length > MAX_NAME) return OTHER_OPERATIONS;
    known.add(name);
    addedBy.set(viewer?.userId, added + 1);
    return name;
  };
}
