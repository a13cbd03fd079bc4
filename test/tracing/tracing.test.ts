import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { connect } from '../support/live.ts';
import { startTestServer } from '../support/server.ts';

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: Record<string, unknown> }[];
}

/** https://opentelemetry.io/docs/specs/otlp/#otlphttp-request */
interface ExportRequest {
  resourceSpans: { resource: { attributes: Span['attributes'] }; scopeSpans: { spans: Span[] }[] }[];
}

/** A collector that keeps what it receives. */
async function startCollector(status = 200) {
  const requests: ExportRequest[] = [];
  const paths = new Set<string>();
  const server = createServer(async (request, response) => {
    paths.add(`${request.method} ${request.url} ${request.headers['content-type']}`);
    requests.push((await json(request)) as ExportRequest);
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    paths,
    spans: () =>
      requests
        .flatMap(({ resourceSpans }) => resourceSpans.flatMap((one) => one.scopeSpans))
        .flatMap((one) => one.spans),
    [Symbol.dispose]: () => server.close(),
  };
}

const attribute = (span: Span | undefined, key: string) =>
  Object.values(span?.attributes.find((one) => one.key === key)?.value ?? {})[0];

test('a collector gets spans of a request, its operation, upload and transaction, without secrets', async () => {
  using collector = await startCollector();
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  let key = '';
  {
    await using server = await startTestServer({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SERVICE_NAME: 'files',
    });
    key = server.key;
    const file = await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'hello' });
    const headers = { authorization: `Bearer ${key}`, traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    await (await fetch(`${server.url}/files/${file.databaseId}/content?token2=secret-query`, { headers })).text();
    await ask(server, 'query Named { viewer { id } }');
    const client = connect(server);
    for await (const { data } of client.iterate({ query: 'query OverSocket { viewer { id } }' }))
      expect(data).toBeTruthy();
    await client.dispose();
  }
  const spans = collector.spans();
  const find = (name: string) => spans.find((span) => span.name === name);
  expect([...collector.paths]).toEqual(['POST /v1/traces application/json']);
  const upload = find('upload');
  const operation = spans.find(
    ({ name, traceId: own }) => name.startsWith('GraphQL mutation') && own === upload?.traceId,
  );
  const request = spans.find(({ spanId }) => spanId === operation?.parentSpanId);
  expect(request?.name).toBe('POST /graphql');
  expect(attribute(request, 'enduser.id')).toBe('1');
  expect(spans.some(({ name, traceId: own }) => name === 'transaction' && own === request?.traceId)).toBe(true);
  const download = find('GET /files/:id/content');
  expect([download?.traceId, download?.parentSpanId]).toEqual([traceId, '00f067aa0ba902b7']);
  expect(attribute(download, 'http.response.status_code')).toBe(200);
  expect(find('GraphQL query Named')?.parentSpanId).toBeDefined();
  expect(find('GraphQL query OverSocket')).toBeDefined();
  const [{ resourceSpans }] = collector.requests as [ExportRequest];
  expect(resourceSpans[0]?.resource.attributes).toContainEqual({
    key: 'service.name',
    value: { stringValue: 'files' },
  });
  expect(JSON.stringify(collector.requests)).not.toMatch(new RegExp(`${key}|secret-query`));
});

test('OTEL_TRACES_SAMPLER_ARG=0 traces nothing, whatever clients ask for', async () => {
  using collector = await startCollector();
  {
    await using server = await startTestServer({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER_ARG: '0',
    });
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await (await fetch(`${server.url}/health/live`, { headers: { traceparent } })).text();
  }
  expect(collector.spans()).toEqual([]);
});

test('a collector that refuses or is unreachable delays and fails no request', async () => {
  using collector = await startCollector(400);
  for (const OTEL_EXPORTER_OTLP_ENDPOINT of [collector.url, 'http://127.0.0.1:9']) {
    await using server = await startTestServer({ OTEL_EXPORTER_OTLP_ENDPOINT });
    await ask(server, '{ viewer { id } }');
  }
  expect(collector.requests.length).toBeGreaterThan(0);
});
