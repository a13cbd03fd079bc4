import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from '../context.ts';

const OK = 0;

/**
 * Sends spans as JSON to `/v1/traces` of a collector. What it cannot send is dropped and logged:
 * the server waits for no collector. The library reads headers and time limits from the
 * environment.
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function createExporter(endpoint: string, log: Log): SpanExporter {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces` });
  return {
    export(spans, callback) {
      exporter.export(spans, (result) => {
        if (result.code !== OK) log.warn({ err: result.error, spans: spans.length }, 'traces could not be sent');
        callback(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}
