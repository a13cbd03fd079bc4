import { expect, test } from 'vitest';
import { closing, file, head, preface, RawClient } from '../../support/raw-http.ts';
import { startTestServer } from '../../support/server.ts';
import { expectStored } from './aftermath.ts';

const formOf = (content: string) => Buffer.concat([preface(1), file('0', '0.txt', content), closing()]);

test('one connection accepts one upload after another', async () => {
  await using server = await startTestServer();
  using client = await RawClient.open(server);
  const contents = ['first', 'x'.repeat(300_000), 'last'];
  for (const content of contents) {
    const body = formOf(content);
    await client.send(Buffer.concat([Buffer.from(head(server, { length: body.length })), body]));
    expect((await client.answer()).body.data?.uploadTaskFiles?.files).toMatchObject([{ size: content.length }]);
  }
  await expectStored(server, contents);
});

test('stores all uploads that are pipelined on one connection', async () => {
  await using server = await startTestServer();
  using client = await RawClient.open(server);
  const contents = ['first', 'x'.repeat(300_000), 'last'];
  const requests = contents.flatMap((content) => {
    const body = formOf(content);
    return [Buffer.from(head(server, { length: body.length })), body];
  });
  await client.send(Buffer.concat(requests));
  for (const content of contents)
    expect((await client.answer()).body.data?.uploadTaskFiles?.files).toMatchObject([{ size: content.length }]);
  await expectStored(server, contents);
});

test.for([1000, 60_000, 70_000, 100_000, 130_000, 200_000])(
  'a connection with a rejected upload of %i bytes accepts the next request or announces that it closes',
  async (size) => {
    await using server = await startTestServer();
    using client = await RawClient.open(server);
    const send = async (query?: string) => {
      const form = [preface(1, query ? { query } : {}), file('0', '0', 'x'.repeat(size)), closing()];
      const body = Buffer.concat(form);
      await client.send(Buffer.concat([Buffer.from(head(server, { length: body.length })), body]));
      return await client.answer();
    };
    const refused = await send('{ unknown }');
    expect(refused.body.errors).toHaveLength(1);
    if (refused.headers.connection === 'close') {
      expect(await client.ended()).toBe('ended');
      await expectStored(server, []);
    } else {
      expect((await send()).body.errors).toBeUndefined();
      await expectStored(server, ['x'.repeat(size)]);
    }
  },
);

test('stores the file of a client that sends Expect: 100-continue', async () => {
  await using server = await startTestServer();
  using client = await RawClient.open(server);
  const body = formOf('content');
  await client.send(head(server, { length: body.length, headers: ['expect: 100-continue'] }));
  await client.send(body);
  expect((await client.answer()).status).toBe(200);
  await expectStored(server, ['content']);
});
