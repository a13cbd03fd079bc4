import { expect, test } from 'vitest';
import { closing, file, head, preface, RawClient } from '../../support/raw-http.ts';
import { startTestServer } from '../../support/server.ts';
import { expectKept } from './aftermath.ts';

const formOf = (content: string) => Buffer.concat([preface(1), file('0', '0.txt', content), closing()]);

test('one connection takes one upload after another', async () => {
  await using server = await startTestServer();
  using client = await RawClient.open(server);
  const contents = ['first', 'x'.repeat(300_000), 'last'];
  for (const content of contents) {
    const body = formOf(content);
    await client.send(Buffer.concat([Buffer.from(head(server, { length: body.length })), body]));
    expect((await client.answer()).body.data?.uploadTaskFiles?.files).toMatchObject([{ size: content.length }]);
  }
  await expectKept(server, contents);
});

test('uploads that are sent one behind the other, without waiting for answers, are all stored', async () => {
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
  await expectKept(server, contents);
});

test.for([1000, 60_000, 70_000, 100_000, 130_000, 200_000])(
  'a connection on which an upload of %i bytes was refused takes the next request, or says that it closes',
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
      await expectKept(server, []);
    } else {
      expect((await send()).body.errors).toBeUndefined();
      await expectKept(server, ['x'.repeat(size)]);
    }
  },
);

test('a client that asks whether to go on is told to, and its file is stored', async () => {
  await using server = await startTestServer();
  using client = await RawClient.open(server);
  const body = formOf('content');
  await client.send(head(server, { length: body.length, headers: ['expect: 100-continue'] }));
  await client.send(body);
  expect((await client.answer()).status).toBe(200);
  await expectKept(server, ['content']);
});
