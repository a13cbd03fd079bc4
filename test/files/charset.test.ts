import { describe, expect, test } from 'vitest';
import { begin, piece, tus, uploadByTus } from '../http/tus/client.ts';
import { call } from '../legacy/kanboard.ts';
import { ask } from '../support/client.ts';
import { runSql } from '../support/database.ts';
import { download } from '../support/download.ts';
import { uploadFiles } from '../support/files.ts';
import { ADMIN_KEY, startTestServer, type TestServer } from '../support/server.ts';

/** "Привет" in Windows-1251. */
const cyrillic = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);
const DECLARED = 'text/plain; charset=windows-1251';

const upload = async (server: TestServer, content: Uint8Array | string, type = '', name = 'a.txt') => {
  const bytes = new Uint8Array(Buffer.from(content));
  const [file] = (await uploadFiles(server, null, [{ name, content: new Blob([bytes]), type }])).files;
  return file as { id: string; databaseId: number };
};

async function typeOf(server: TestServer, databaseId: number): Promise<string | null> {
  return (await download(server, { databaseId })).headers.get('content-type');
}

const numberIn = (id: string | undefined) => Number(id?.replace('File:', ''));

const typeOfContent = async (...given: [content: Uint8Array | string, type?: string, name?: string]) => {
  await using server = await startTestServer();
  return await typeOf(server, (await upload(server, ...given)).databaseId);
};

describe('a declared charset', () => {
  test('of a part of a multipart request is returned, also as File.charset', async () => {
    await using server = await startTestServer();
    const { id, databaseId } = await upload(server, cyrillic, 'text/plain;charset="Windows-1251"');
    expect(await typeOf(server, databaseId)).toBe(DECLARED);
    const query = 'query ($id: ID!) { file(id: $id) { contentType charset } }';
    expect(await ask(server, query, { id })).toEqual({ file: { contentType: 'text/plain', charset: 'windows-1251' } });
  });

  test('of a tus upload is returned', async () => {
    await using server = await startTestServer();
    const metadata = { filename: 'a.txt', filetype: DECLARED };
    const { fileId } = await uploadByTus(server, cyrillic, metadata);
    expect(await typeOf(server, numberIn(fileId))).toBe(DECLARED);
  });

  test('of a raw body and of a form part of ONLYOFFICE is returned', async () => {
    await using server = await startTestServer();
    const form = new FormData();
    form.append('file', new File([cyrillic], 'b.txt', { type: DECLARED }));
    const headers = { authorization: ADMIN_KEY };
    const named = { 'content-disposition': 'attachment; filename=a.txt', 'content-type': DECLARED };
    const sent = [
      { body: cyrillic, headers: { ...headers, ...named } },
      { body: form, headers },
    ];
    for (const init of sent) {
      const response = await fetch(`${server.url}/api/2.0/project/task/1/files/upload`, { method: 'POST', ...init });
      const { id } = ((await response.json()) as { response: { id: number } }).response;
      expect(await typeOf(server, id)).toBe(DECLARED);
    }
  });

  test('of an attachment of COR is returned', async () => {
    await using server = await startTestServer();
    const form = new FormData();
    form.append('file', new File([cyrillic], 'a.txt', { type: DECLARED }));
    const init = { method: 'POST', body: form, headers: { authorization: `Bearer ${server.key}` } };
    const response = await fetch(`${server.url}/v1/tasks/1/attachments`, init);
    const { files } = (await response.json()) as { files: { id: number }[] };
    expect(await typeOf(server, files[0]?.id ?? 0)).toBe(DECLARED);
  });

  test.each([
    ['text/csv; charset=ISO-8859-1', 'text/csv; charset=iso-8859-1'],
    ['text/plain; charset=UTF8', 'text/plain; charset=utf-8'],
    ['text/plain; format=flowed; charset=koi8-r', 'text/plain; charset=koi8-r'],
    ['application/json; charset=windows-1251', 'application/json; charset=windows-1251'],
  ])('is normalized: %s is returned as %s', async (declared, answered) => {
    expect(await typeOfContent(cyrillic, declared)).toBe(answered);
  });

  test.each(['windows-9999', 'binary', 'utf-7', 'x'.repeat(99), '"a\\"b"'])(
    'is ignored when it is unknown: %s',
    async (charset) => {
      expect(await typeOfContent('words', `text/plain; charset=${charset}`)).toBe('text/plain; charset=utf-8');
    },
  );

  test('is ignored for an image', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
    expect(await typeOfContent(png, 'image/png; charset=utf-8', 'a.png')).toBe('image/png');
  });
});

describe('an undeclared charset', () => {
  const long = 'Привет, 🙂. '.repeat(20_000);
  test.each([
    ['ASCII', 'words', 'text/plain; charset=utf-8'],
    ['nothing', '', 'text/plain; charset=utf-8'],
    ['UTF-8 of many chunks', long, 'text/plain; charset=utf-8'],
    ['UTF-8 with its mark', '\ufeffwords', 'text/plain; charset=utf-8'],
    ['UTF-16', Buffer.from('\ufeffwords', 'utf16le'), 'text/plain; charset=utf-16le'],
    ['UTF-16, high bytes first', Buffer.from('\ufeffwords', 'utf16le').swap16(), 'text/plain; charset=utf-16be'],
    ['Windows-1251', cyrillic, 'text/plain'],
    ['other bytes far behind', Buffer.concat([Buffer.from(long), cyrillic]), 'text/plain'],
    ['a character that is cut off at the end', Buffer.from(long).subarray(0, -5), 'text/plain'],
  ])('is returned only where all bytes are valid in it: %s', async (_what, content, answered) => {
    expect(await typeOfContent(content, 'text/plain')).toBe(answered);
  });

  test('is detected in base64 content of GraphQL and Kanboard', async () => {
    await using server = await startTestServer();
    const query = `mutation ($blob: Base64!) {
      createTaskFile(input: { taskId: "Task:1", filename: "a.txt", blob: $blob }) { file { databaseId } }
    }`;
    for (const [content, answered] of [
      [Buffer.from('Привет'), 'text/plain; charset=utf-8'],
      [cyrillic, 'text/plain'],
    ] as const) {
      const blob = content.toString('base64');
      type Created = { createTaskFile: { file: { databaseId: number } } };
      const { file } = (await ask<Created>(server, query, { blob })).createTaskFile;
      expect(await typeOf(server, file.databaseId)).toBe(answered);
      const params = { project_id: 1, task_id: 1, filename: 'a.txt', blob };
      const { result } = await call<number>(server, 'createTaskFile', params);
      expect(await typeOf(server, result ?? 0)).toBe(answered);
    }
  });

  test.each([1, 2, 3, 5, 7])(
    'is detected in a tus upload in chunks of %i bytes that split characters',
    async (bytes) => {
      await using server = await startTestServer();
      for (const [content, answered] of [
        [Buffer.from('aé日🙂z'), 'text/plain; charset=utf-8'],
        [Buffer.concat([Buffer.from('aé日🙂'), cyrillic]), 'text/plain'],
      ] as const) {
        const location = await begin(server, content.length, { filename: 'a.txt' });
        let last: Response | undefined;
        for (let from = 0; from < content.length; from += bytes)
          last = await tus(server, 'PATCH', location, piece(from), content.subarray(from, from + bytes));
        const databaseId = numberIn(last?.headers.get('attache-file-id') ?? undefined);
        expect(await typeOf(server, databaseId)).toBe(answered);
      }
    },
  );

  test('is null in File.charset when it is not detected', async () => {
    await using server = await startTestServer();
    const { id } = await upload(server, cyrillic, 'text/plain');
    const query = 'query ($id: ID!) { file(id: $id) { charset } }';
    expect(await ask(server, query, { id })).toEqual({ file: { charset: null } });
  });
});

test('text files stored before charset detection are served as UTF-8, with a null File.charset', async () => {
  await using server = await startTestServer();
  const { id, databaseId } = await upload(server, cyrillic, 'text/plain');
  await runSql(server.dataDir, 'update files set charset = null');
  expect(await typeOf(server, databaseId)).toBe('text/plain; charset=utf-8');
  const query = 'query ($id: ID!) { file(id: $id) { charset } }';
  expect(await ask(server, query, { id })).toEqual({ file: { charset: null } });
});
