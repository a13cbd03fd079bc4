import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Log } from '../context.ts';
import type { DatabaseObserver } from '../database/observer.ts';
import type { RequestObserver } from '../http/requests/observer.ts';
import { createExporter } from './exporter.ts';

export interface TracingOptions {
  /** The address of an OpenTelemetry collector, for OTLP over HTTP. */
  endpoint: string;
  serviceName: string;
  /** The part of the requests that is traced, 0 to 1. */
  share: number;
}

export interface Tracing extends AsyncDisposable {
  requests: RequestObserver;
  database: DatabaseObserver;
  uploading(): () => void;
}

/** How long the last spans may take when the server stops. */
const SHUTDOWN_MS = 2000;

/** https://www.w3.org/TR/trace-context/#traceparent-header-field-values */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Sends spans of requests, GraphQL operations, uploads and transactions to a collector. The current
 * span travels with the asynchronous work of its request. Spans hold what the log of requests does.
 */
export function startTracing(
  { endpoint, serviceName, share }: TracingOptions,
  { log, version }: { log: Log; version: string },
): Tracing {
  // Clients choose the ids of their traces, and not how many are recorded.
  const root = new TraceIdRatioBasedSampler(share);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
    sampler: new ParentBasedSampler({ root, remoteParentSampled: root }),
    spanProcessors: [new BatchSpanProcessor({ exporter: createExporter(endpoint, log) })],
  });
  const tracer = provider.getTracer('attache', version);
  const current = new AsyncLocalStorage<Span>();
  /** A span within the current one. Without one, the work belongs to no request. */
  const timed = (name: string) => {
    const parent = current.getStore();
    const span = parent && tracer.startSpan(name, {}, trace.setSpan(ROOT_CONTEXT, parent));
    return () => span?.end();
  };
  return {
    requests: {
      started(record, { traceparent }) {
        const span = tracer.startSpan(record.method, { kind: SpanKind.SERVER }, contextOf(traceparent));
        record.span = span;
        current.enterWith(span);
      },
      operationStarted({ operation, span: parent }) {
        const { name, type } = operation ?? {};
        // Over a WebSocket, each operation is a trace of its own.
        const context = parent ? trace.setSpan(ROOT_CONTEXT, parent as Span) : ROOT_CONTEXT;
        const span = tracer.startSpan(`GraphQL ${type} ${name ?? ''}`.trimEnd(), {}, context);
        span.setAttributes({ 'graphql.operation.type': type ?? '', 'graphql.operation.name': name ?? '' });
        current.enterWith(span);
        return () => span.end();
      },
      finished({ transport, span: own, ...request }) {
        if (transport === 'websocket') return;
        const span = own as Span;
        const { id, method, route, path, status = 0, viewer } = request;
        span.updateName(`${method} ${route}`);
        span.setAttributes({
          'http.request.method': method,
          'http.route': route,
          'url.path': path,
          'http.response.status_code': status,
          'client.address': request.address,
          'attache.request_id': id,
          ...(viewer && { 'enduser.id': String(viewer.userId) }),
        });
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    },
    database: { began: () => timed('transaction') },
    uploading: () => timed('upload'),
    async [Symbol.asyncDispose]() {
      // The last spans may be lost, and the server stops all the same.
      const sent = provider.shutdown().catch((err) => log.warn({ err }, 'the last traces could not be sent'));
      await Promise.race([sent, pause(SHUTDOWN_MS, undefined, { ref: false })]);
    },
  };
}

/** The context of the caller, which it may name in a header. */
function contextOf(traceparent: unknown): Context {
  const [, traceId, spanId, flags = ''] = TRACEPARENT.exec(String(traceparent)) ?? [];
  if (!traceId || !spanId) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
