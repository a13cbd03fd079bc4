import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { chunk, closing, file, fileHeaders, head, openPart, preface, RawClient } from '../../support/raw-http.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { expectStored } from './aftermath.ts';

const impatient = { UPLOAD_IDLE_SECONDS: '1' };
const length = 10_000_000;
const big = 'b'.repeat(1_000_000);

test.concurrent.for([
  ['before the body', []],
  ['in operations', [preface(1).subarray(0, 150)]],
  ['before the map', [preface(1).subarray(0, -60)]],
  ['before the first file', [preface(1)]],
  ['in the header of a file', [preface(1), '--the-boundary']],
  ['before the first byte of a file', [preface(1), openPart(fileHeaders('0', 'a.txt'))]],
  ['in a file', [preface(1), openPart(fileHeaders('0', 'a.txt')), big]],
  ['between two files', [preface(2), file('0', 'a.txt', big)]],
  ['before the closing boundary', [preface(1), file('0', 'a.txt', big)]],
] as const)('a client that stops sending %s receives 408 and leaves no file behind', async ([, sent]) => {
  await using server = await startTestServer(impatient);
  for (const chunked of [true, false]) {
    using client = await RawClient.open(server);
    await client.send(head(server, chunked ? {} : { length }));
    for (const bytes of sent) await client.send(chunked ? chunk(Buffer.from(bytes)) : bytes);
    const { status, body } = await client.answer();
    expect(status).toBe(408);
    expect(body.errors?.map(({ extensions }) => extensions?.code)).toEqual(['REQUEST_TIMEOUT']);
    expect(await client.ended()).toBe('ended');
    await expectStored(server, []);
  }
});

test('a client that sends slowly but steadily is not cut off', async () => {
  await using server = await startTestServer(impatient);
  await sendSlowly(server, 'a slow file, for three times as long as one may be silent');
});

async function sendSlowly(server: TestServer, content: string): Promise<void> {
  const body = Buffer.concat([preface(1), file('0', 'a.txt', content), closing()]);
  const rest = content.length + closing().length;
  using client = await RawClient.open(server);
  await client.send(head(server, { length: body.length }));
  await client.send(body.subarray(0, -rest));
  for (const byte of body.subarray(-rest)) {
    await client.send(Buffer.of(byte));
    await sleep(40);
  }
  expect((await client.answer()).body.errors).toBeUndefined();
  await expectStored(server, [content]);
}

test('a stalled client does not affect the upload of another', async () => {
  await using server = await startTestServer(impatient);
  using stalled = await RawClient.open(server);
  await stalled.send(head(server, { length }));
  await stalled.send(Buffer.concat([preface(1), openPart(fileHeaders('0', 'stalled.txt')), Buffer.from(big)]));
  await sendSlowly(server, 'sent while the other one stalls');
  expect((await stalled.answer()).status).toBe(408);
});
