import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { isFull } from '../../support/length.ts';
import { chunk, closing, file, fileHeaders, head, openPart, preface, RawClient } from '../../support/raw-http.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { eventually, expectStored, watchFolders } from './aftermath.ts';

const big = 'b'.repeat(3_000_000);

const ways: Record<string, (client: RawClient) => void> = {
  closes: (client) => client.socket.destroy(),
  'resets its connection': (client) => client.socket.resetAndDestroy(),
  'says that it has sent everything': (client) => client.socket.end(),
};
const places = {
  'in the first file': { sent: [preface(2), openPart(fileHeaders('0', 'a.txt')), big], files: 1 },
  'between two files': { sent: [preface(2), file('0', 'a.txt', big)], files: 1 },
  'in the header of the second file': { sent: [preface(2), file('0', 'a.txt', big), '--the-boundary'], files: 1 },
  'in the second file': { sent: [preface(2), file('0', 'a.txt', big), openPart(fileHeaders('1', 'b')), big], files: 2 },
  'just before the closing boundary': { sent: [preface(2), file('0', 'a', big), file('1', 'b', big)], files: 2 },
  'in the closing boundary': {
    sent: [preface(2), file('0', 'a', big), file('1', 'b', big), closing().subarray(0, -4)],
    files: 2,
  },
  'just after the closing boundary': {
    sent: [preface(2), file('0', 'a', big), file('1', 'b', big), closing()],
    files: 2,
  },
};
// In short, every way to leave at every place once; in full also with the other kind of body.
const cuts = Object.entries(places).flatMap(([place, { sent, files }], placeIndex) =>
  Object.keys(ways).flatMap((way, wayIndex) =>
    [true, false]
      .filter((chunked) => isFull || chunked === ((placeIndex + wayIndex) % 2 === 0))
      .map((chunked) => ({ way, place, sent, files, chunked })),
  ),
);

test.for(cuts)(
  'a client that $way $place leaves no file behind (chunked: $chunked)',
  async ({ way, sent, files, chunked }) => {
    await using server = await startTestServer();
    using client = await RawClient.open(server);
    await client.send(head(server, chunked ? {} : { length: 100_000_000 }));
    for (const bytes of sent) await client.send(chunked ? chunk(Buffer.from(bytes)) : bytes);
    await eventually(async () => (await stagedSizes(server)).length, files);
    await eventually(async () => ((await stagedSizes(server))[0] ?? 0) > 2_500_000, true);

    ways[way]?.(client);
    await expectStored(server, []);
  },
);

test.for([
  ['in the headers of the request', (server: TestServer) => [head(server, {}).slice(0, 60)]],
  ['before the body', (server: TestServer) => [head(server, { length: 1000 })]],
  ['in operations', (server: TestServer) => [head(server, { length: 1000 }), preface(1).subarray(0, 150)]],
  ['in the map', (server: TestServer) => [head(server, { length: 1000 }), preface(1).subarray(0, -10)]],
  [
    'in the header of a file',
    (server: TestServer) => [head(server, { length: 1000 }), preface(1), '--the-boundary-of'],
  ],
] as const)('a client that disconnects %s stages and stores nothing', async ([, sent]) => {
  for (const way of Object.values(ways)) {
    await using server = await startTestServer();
    using folders = watchFolders(server);
    using client = await RawClient.open(server);
    for (const bytes of sent(server)) await client.send(bytes);
    way(client);
    await expectStored(server, []);
    expect(await folders.seen()).toEqual([]);
  }
});

test('a request that is cut off at any byte stores nothing', async () => {
  await using server = await startTestServer();
  const body = Buffer.concat([preface(2), file('0', 'a.txt', 'aaaa'), file('1', 'b.txt', 'bbbb'), closing()]);
  const request = Buffer.concat([Buffer.from(head(server, { length: body.length })), body]);
  for (let cut = 1; cut < request.length; cut += 3) {
    using client = await RawClient.open(server);
    await client.send(request.subarray(0, cut));
    client.socket.destroy();
  }
  await expectStored(server, []);

  using client = await RawClient.open(server);
  await client.send(request);
  expect((await client.answer()).body.data?.uploadTaskFiles?.files).toHaveLength(2);
  await expectStored(server, ['aaaa', 'bbbb']);
});

async function stagedSizes(server: TestServer): Promise<number[]> {
  const { staging } = await server.stored();
  const sizes = await Promise.all(staging.map(async (path) => (await stat(path).catch(() => undefined))?.size ?? 0));
  return sizes.sort((a, b) => b - a);
}
