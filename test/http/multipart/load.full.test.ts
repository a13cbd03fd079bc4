import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { UploadTaskFilesMutation } from '../../generated/graphql.ts';
import { executeWithFiles } from '../../support/client.ts';
import { uploadTaskFilesDocument } from '../../support/documents.ts';
import { sha256 } from '../../support/download.ts';
import { closing, file, fileHeaders, head, openPart, post, preface, RawClient } from '../../support/raw-http.ts';
import { startTestServer } from '../../support/server.ts';
import { expectStored } from './aftermath.ts';

const MiB = 1024 * 1024;

test.for([
  ['small', 10],
  ['large', 3 * MiB],
] as const)('stores twenty %s files of one request in order', async ([, size]) => {
  await using server = await startTestServer();
  const contents = Array.from({ length: 20 }, (_, index) => randomBytes(size + index));
  const parts = contents.map((content, index) => file(`${index}`, `${index}.bin`, content));
  const { body } = await post(server, Buffer.concat([preface(20), ...parts, closing()]));
  expect(body.data?.uploadTaskFiles?.files.map((stored) => stored.sha256)).toEqual(contents.map(sha256));
  await expectStored(server, contents);
});

test('stores a file of 64 MiB and the file after it byte for byte', async () => {
  await using server = await startTestServer();
  const content = randomBytes(64 * MiB);
  const { data } = await executeWithFiles<UploadTaskFilesMutation>(
    server,
    uploadTaskFilesDocument,
    { taskId: 'Task:1' },
    [
      { name: 'large.bin', content: new Blob([content]) },
      { name: 'small.txt', content: 'small' },
    ],
  );
  expect(data?.uploadTaskFiles.files).toMatchObject([
    { size: 64 * MiB, sha256: sha256(content) },
    { size: 5, sha256: sha256('small') },
  ]);
  await expectStored(server, [content, 'small']);
});

test('a file that no field reads, between large files, does not damage them', async () => {
  await using server = await startTestServer();
  const contents = [randomBytes(8 * MiB), randomBytes(8 * MiB)];
  const parts = contents.map((content, index) => file(`${index}`, `${index}.bin`, content));
  const unmapped = file('unmapped', 'unmapped.bin', randomBytes(8 * MiB));
  await post(server, Buffer.concat([preface(2), unmapped, ...parts.flatMap((bytes) => [bytes, unmapped]), closing()]));
  await expectStored(server, contents);
});

test('concurrent requests do not mix up their files', async () => {
  await using server = await startTestServer();
  const requests = Array.from({ length: 12 }, (_, index) => [randomBytes(2 * MiB + index), randomBytes(index)]);
  const answers = await Promise.all(
    requests.map((contents) => {
      const parts = contents.map((content, index) => file(`${index}`, `${index}.bin`, content));
      return post(server, Buffer.concat([preface(2), ...parts, closing()]));
    }),
  );
  for (const [index, { body }] of answers.entries())
    expect(body.data?.uploadTaskFiles?.files.map((stored) => stored.sha256)).toEqual(requests[index]?.map(sha256));
  await expectStored(server, requests.flat());
});

test('stores only the files of valid requests when malformed and aborted ones run concurrently', async () => {
  await using server = await startTestServer({ MAX_FILE_SIZE: `${3 * MiB}` });
  const kept = Array.from({ length: 6 }, () => randomBytes(2 * MiB));
  const good = kept.map((content) => post(server, Buffer.concat([preface(1), file('0', 'a', content), closing()])));
  const bad = kept.flatMap((content) => [
    post(server, Buffer.concat([preface(2), file('0', 'missing', content), closing()])),
    post(server, Buffer.concat([preface(1), file('0', 'unfinished', content)])),
    post(server, Buffer.concat([preface(1), file('0', 'oversized', randomBytes(4 * MiB)), closing()])),
    abort(content),
  ]);
  async function abort(content: Buffer) {
    using client = await RawClient.open(server);
    await client.send(head(server, { length: 100_000_000 }));
    await client.send(Buffer.concat([preface(1), openPart(fileHeaders('0', 'aborted')), content]));
  }
  for (const { body } of await Promise.all(good)) expect(body.data?.uploadTaskFiles?.errors).toEqual([]);
  await Promise.all(bad);
  await expectStored(server, kept);
});
