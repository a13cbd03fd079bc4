import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { JsonScanner } from '../../../src/http/body/json-scanner.ts';
import { basic } from '../../legacy/kanboard.ts';
import { field, post } from '../../support/raw-http.ts';
import { ADMIN_KEY, startTestServer, type TestServer } from '../../support/server.ts';

const bounds = { depth: 3, values: 10, items: 4 };

/** Returns which bound a text exceeds, or `fine`, when it arrives in chunks of `size` bytes. */
function scan(text: string, size = Number.POSITIVE_INFINITY): string {
  const bytes = Buffer.from(text);
  const scanner = new JsonScanner(bounds);
  try {
    for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
    return 'fine';
  } catch (error) {
    return (error as { bound?: string }).bound ?? (error as Error).message;
  }
}

describe('the JSON scanner', () => {
  test.each([
    ['{"a":[1,{"b":2}],"c":"[[[[,,,,,,,,,,,,{{{{"}', 'fine'],
    ['["a\\"[[[[","\\\\",",,,,,,,,,,,,"]', 'fine'],
    ['[[[[]]]]', 'depth'],
    ['{"a":{"b":{"c":{}}}}', 'depth'],
    ['{"a":[1,2,3,4,5,6,7,8,9,10,11]}', 'values'],
    ['[1,2,3,4]', 'fine'],
    ['[1,2,3,4,5]', 'items'],
    ['{"a":1,"b":2,"c":3,"d":4,"e":5}', 'fine'],
    ['"\\\\\\\\"', 'fine'],
    ['["\\\\"],[[[[', 'depth'],
    ['["\\\\\\""],[[[', 'fine'],
    [`[${'9'.repeat(1000)}]`, 'fine'],
    [`[${'9'.repeat(1001)}]`, 'A number in JSON may have at most 1000 digits.'],
  ])('scans %s with the same result for every chunk size', (text, expected) => {
    expect(scan(text)).toBe(expected);
    // The result does not depend on where the chunks of a body end.
    for (const size of [1, 2, 3, 5, 7]) expect(scan(text, size)).toBe(expected);
  });
});

/** Send JSON to each endpoint that accepts it, and return the response. */
const places: Record<string, (server: TestServer, json: string) => Promise<{ status: number; text: string }>> = {
  GraphQL: async (server, json) => {
    const headers = { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' };
    return readResponse(await fetch(server.graphqlUrl, { method: 'POST', headers, body: json }));
  },
  'operations of a form': async (server, json) => {
    const { status, body } = await post(
      server,
      Buffer.concat([field('operations', json), field('map', '{}'), Buffer.from('--the-boundary-of-the-tests--\r\n')]),
    );
    return { status, text: JSON.stringify(body) };
  },
  'map of a form': async (server, json) => {
    const { status, body } = await post(
      server,
      Buffer.concat([field('operations', '{}'), field('map', json), Buffer.from('--the-boundary-of-the-tests--\r\n')]),
    );
    return { status, text: JSON.stringify(body) };
  },
  Kanboard: async (server, json) => {
    const headers = { authorization: basic('jsonrpc', server.key), 'content-type': 'application/json' };
    return readResponse(await fetch(`${server.url}/jsonrpc.php`, { method: 'POST', headers, body: json }));
  },
  ONLYOFFICE: async (server, json) => {
    const headers = { authorization: server.key, 'content-type': 'application/json' };
    return readResponse(
      await fetch(`${server.url}/api/2.0/project/task/1/files`, { method: 'POST', headers, body: json }),
    );
  },
  Worksection: async (server, json) => {
    const headers = { authorization: server.key, 'content-type': 'application/json' };
    return readResponse(
      await fetch(`${server.url}/api/admin/v2/?action=get_projects`, { method: 'POST', headers, body: json }),
    );
  },
};

async function readResponse(response: Response) {
  return { status: response.status, text: await response.text() };
}

describe.each(Object.entries(places))('JSON sent to %s', (name, sendJson) => {
  test('is rejected above the limits of values, levels and digits, and accepted below them', async () => {
    await using server = await startTestServer();
    const many = await sendJson(server, `{"files":[${'0,'.repeat(200_000)}0]}`);
    expect(many.text).toMatch(/at most 100000 values/);
    const deep = await sendJson(server, `${'[['.repeat(1000)}${']]'.repeat(1000)}`);
    expect(deep.text).toMatch(name === 'Kanboard' ? /Parse error/ : /at most 64 levels\. Nest objects and lists less/);
    expect(deep.text).not.toMatch(/several requests/);
    if (name === 'Worksection') {
      expect(JSON.parse(many.text)).toMatchObject({ status_code: 11, message: 'Field is invalid' });
      expect(JSON.parse(deep.text)).toMatchObject({ status_code: 11, message: 'Field is invalid' });
    }
    const long = await sendJson(server, `{"files":[${'9'.repeat(100_000)}]}`);
    expect(long.text).toMatch(name === 'Kanboard' ? /Parse error/ : /at most 1000 digits/);
    expect((await sendJson(server, '{"query":"{ __typename }"}')).text).not.toMatch(/at most/);
  });
});

test('a Kanboard batch of more than 1000 requests is rejected', async () => {
  await using server = await startTestServer();
  const answer = await places.Kanboard?.(server, `[${Array(1001).fill('{}').join(',')}]`);
  expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('at most 1000 requests') });
});

test('a WebSocket message above the limit of values closes the connection with 4400', async () => {
  await using server = await startTestServer();
  const client = createClient({
    url: server.wsUrl,
    connectionParams: { authorization: `Bearer ${ADMIN_KEY}` },
    retryAttempts: 0,
  });
  const events = client.iterate({ query: '{ __typename }', variables: { many: Array(150_000).fill(0) } });
  await expect(events.next()).rejects.toMatchObject({ code: 4400 });
  await client.dispose();
});
