import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { ResponseMemory } from '../../src/budget/response-memory.ts';
import { codeOf, execute } from '../support/client.ts';
import { remove, uploadFile } from '../support/files.ts';
import { head } from '../support/raw-http.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const MIB = 1024 * 1024;
const contentQuery = 'query ($id: ID!) { file(id: $id) { content } }';

afterEach(() => vi.restoreAllMocks());

/** Requests a content, and reads nothing of the response, which holds its memory meanwhile. */
function holdContent(server: TestServer, id: string) {
  const { hostname, port } = new URL(server.graphqlUrl);
  const socket = connect({ host: hostname, port: Number(port) }).pause();
  const body = JSON.stringify({ query: contentQuery, variables: { id } });
  socket.write(head(server, { length: body.length, type: 'application/json' }) + body);
  return { [Symbol.dispose]: () => void socket.destroy() };
}

test('a content is NOT_FOUND when its file is removed while the request waits for memory', async () => {
  await using server = await startTestServer({ MAX_ANSWER_SIZE: '16 MiB' });
  const large = await uploadFile(server, 'Task:1', { name: 'large', content: 'x'.repeat(10 * MIB) });
  const others = [
    await uploadFile(server, 'Task:1', { name: 'row', content: 'x'.repeat(100_000) }),
    await uploadFile(server, 'Task:1', { name: 'file', content: 'x'.repeat(4 * MIB) }),
  ];
  const reserve = vi.spyOn(ResponseMemory.prototype, 'reserve');
  using held = holdContent(server, large.id);
  await expect.poll(() => reserve.mock.calls.length).toBe(1);
  // The next of this user does not fit, and smaller ones wait behind it.
  const filling = execute(server, contentQuery, { id: others[1]?.id });
  await expect.poll(() => reserve.mock.calls.length).toBe(2);
  const codes = others.map(({ id }) => codeOf(server, contentQuery, { id }));
  await expect.poll(() => reserve.mock.calls.length).toBe(4);
  for (const { id } of others) await remove(server, id);
  held[Symbol.dispose]();
  expect(await Promise.all(codes)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  expect((await filling).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
});
