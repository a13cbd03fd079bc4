import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN_KEY, startTestServer, type TestServer } from '../support/server.ts';

// The audits of the reference implementation check
// https://graphql.github.io/graphql-over-http/draft/
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const audits = serverAudits({
  url: () => server.graphqlUrl,
  fetchFn: (url: string, init: RequestInit = {}) =>
    fetch(url, {
      ...init,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, ...(init.headers as Record<string, string>) },
    }),
});

test('the reference implementation provides at least 61 audits', () => {
  expect(audits.length).toBeGreaterThanOrEqual(61);
});

describe('GraphQL over HTTP', () => {
  for (const audit of audits) {
    test(audit.name, async () => {
      const result = await audit.fn();
      const said =
        result.status === 'ok' ? '' : `${result.reason} ${result.response.status} ${await result.response.text()}`;
      expect({ status: result.status, said }).toEqual({ status: 'ok', said: '' });
    });
  }
});
