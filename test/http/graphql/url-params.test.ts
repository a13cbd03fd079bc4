import { expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../support/server.ts';

const ask = (server: TestServer, params: Record<string, string>) =>
  fetch(`${server.graphqlUrl}?${new URLSearchParams({ query: '{ viewer { id } }', ...params })}`, {
    headers: { authorization: `Bearer ${server.key}`, accept: 'application/json' },
  });

test.each(['variables', 'extensions'])(
  '%s in a URL that are not JSON are rejected with 400 and an error that names them',
  async (name) => {
    await using server = await startTestServer();
    const response = await ask(server, { [name]: 'nonsense' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ message: expect.stringContaining(`"${name}"`), extensions: { code: 'BAD_USER_INPUT' } }],
    });
  },
);

test('JSON in a URL may begin with a byte order mark', async () => {
  await using server = await startTestServer();
  const response = await ask(server, {
    query: 'query ($id: ID!) { task(id: $id) { id } }',
    variables: '\uFEFF{"id":"Task:1"}',
  });
  expect(await response.json()).toEqual({ data: { task: { id: 'Task:1' } } });
});
