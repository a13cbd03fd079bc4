import { expect, test } from 'vitest';
import type { UploadTaskFilesMutation } from '../../generated/graphql.ts';
import { executeWithFiles } from '../../support/client.ts';
import { uploadTaskFilesDocument } from '../../support/documents.ts';
import { closing, file, part, post, preface } from '../../support/raw-http.ts';
import { startTestServer } from '../../support/server.ts';
import { expectStored, listed } from './aftermath.ts';

const long = 'x'.repeat(300);

/** The text between the quotes of `filename`, and the name under which the file is stored. */
const names: [what: string, sent: string, stored: string][] = [
  ['a path that climbs', '../../../etc/passwd', 'passwd'],
  ['a path that climbs, with backslashes', '..\\\\..\\\\windows\\\\system.ini', 'system.ini'],
  ['a path from the root', '/etc/passwd', 'passwd'],
  ['a path of Windows', 'C:\\fakepath\\photo.jpg', 'photo.jpg'],
  ['two dots', '..', 'unnamed'],
  ['one dot', '.', 'unnamed'],
  ['a slash', '/', 'unnamed'],
  ['spaces', '   ', 'unnamed'],
  ['a leading dot', '.htaccess', '.htaccess'],
  ['a tab', 'a\tb.txt', 'ab.txt'],
  ['a mark that turns text round', 'photo\u202egpj.exe', 'photogpj.exe'],
  ['isolates and line separators', '\u2066a\u2069\u2028b\u2029.txt', 'ab.txt'],
  ['control characters beyond ASCII', 'a\u0085\u009bb.txt', 'ab.txt'],
  ['300 bytes', `${long}.txt`, `${'x'.repeat(251)}.txt`],
  ['300 characters of two bytes', `${'ü'.repeat(300)}.txt`, `${'ü'.repeat(125)}.txt`],
  ['300 bytes without an extension', long, 'x'.repeat(255)],
  ['an extension of 300 bytes', `a.${long}`, `a.${'x'.repeat(253)}`],
  ['emoji where it is cut', `${'x'.repeat(249)}👨‍👩‍👧.txt`, `${'x'.repeat(249)}.txt`],
  ['UTF-8', 'Grüße 日本語 🎉.txt', 'Grüße 日本語 🎉.txt'],
  ['letters with separate accents', 'Gru\u0308ße.txt', 'Grüße.txt'],
  ['escaped quotes', 'say \\"hi\\".txt', 'say "hi".txt'],
  // How browsers, fetch and curl write a quote and a line break:
  // https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
  ['percent-encoded quotes', 'say %22hi%22.txt', 'say "hi".txt'],
  ['a percent-encoded line break', 'a%0D%0Ab.txt', 'ab.txt'],
  ['other percent signs', '100%25 %41.txt', '100%25 %41.txt'],
  ['markup', '<img src=x onerror=alert(1)>.svg', '<img src=x onerror=alert(1)>.svg'],
];

test('rejects a part without a filename with an error that names the part, and stores nothing', async () => {
  await using server = await startTestServer();
  const { status, body } = await post(server, Buffer.concat([preface(1), file('0', '', 'content'), closing()]));
  expect(status).toBe(400);
  expect(body.errors?.[0]).toMatchObject({
    message: expect.stringContaining("'0'"),
    extensions: { code: 'BAD_USER_INPUT' },
  });
  await expectStored(server, []);
});

test.for(names)('stores a file whose name has %s under a safe name', async ([, sent, stored]) => {
  await using server = await startTestServer();
  const { status, body } = await post(server, Buffer.concat([preface(1), file('0', sent, 'content'), closing()]));
  expect(body.errors).toBeUndefined();
  expect(status).toBe(200);
  expect((await listed(server)).map(({ name }) => name)).toEqual([stored]);
  await expectStored(server, ['content']);
});

test.for([
  ['a name in UTF-8, percent-encoded', `filename="f.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt`, 'Grüße.txt'],
  ['a name in Latin-1, percent-encoded', `filename="f.txt"; filename*=ISO-8859-1'en'Gr%FC%DFe.txt`, 'Grüße.txt'],
  ['a path, percent-encoded', `filename*=UTF-8''..%2F..%2Fetc%2Fpasswd`, 'passwd'],
  ['a NUL byte, percent-encoded', `filename*=UTF-8''a%00b.txt`, 'ab.txt'],
  ['line breaks, percent-encoded', `filename*=UTF-8''a%0D%0Ab.txt`, 'ab.txt'],
  ['a mark that turns text round, percent-encoded', `filename*=UTF-8''a%E2%80%AEgpj.exe`, 'agpj.exe'],
  ['no quotes', 'filename=plain.txt', 'plain.txt'],
  ['two filenames', 'filename="first.txt"; filename="second.txt"', 'first.txt'],
] as const)('reads a disposition with %s', async ([, parameters, stored]) => {
  await using server = await startTestServer();
  const headers = `content-disposition: form-data; name="0"; ${parameters}\r\ncontent-type: text/plain`;
  const { body } = await post(server, Buffer.concat([preface(1), part(headers, 'content'), closing()]));
  expect(body.data?.uploadTaskFiles?.files).toMatchObject([{ name: stored }]);
  await expectStored(server, ['content']);
});

test.for([
  `filename*=UTF-8''%ff%fe`,
  `filename*=UTF-8''%c3%28.txt`,
  `filename*=UTF-8''%zz`,
  `filename*=UTF-8''%`,
  `filename*=nonsense''a.txt`,
  `filename*=UTF-8`,
  `filename="\xff\xfe.txt"`,
  `filename="\xed\xa0\x80.txt"`,
])('a filename in no valid charset, %j, is rejected or stored so that it can be listed', async (sent) => {
  await using server = await startTestServer();
  const headers = Buffer.from(
    `content-disposition: form-data; name="0"; ${sent}\r\ncontent-type: text/plain`,
    'latin1',
  );
  const { status } = await post(server, Buffer.concat([preface(1), part(headers, 'content'), closing()]));
  expect([200, 400]).toContain(status);
  await expectStored(server, status === 200 ? ['content'] : []);
});

test('a filename sent by a browser is stored unchanged and offered for the download', async () => {
  await using server = await startTestServer();
  const name = `"quotes", 'ticks', ümläuts & 日本 100%.txt`;
  const { data } = await executeWithFiles<UploadTaskFilesMutation>(
    server,
    uploadTaskFilesDocument,
    { taskId: 'Task:1' },
    [{ name, content: 'content' }],
  );
  const stored = data?.uploadTaskFiles.files[0];
  expect(stored?.name).toBe(name);
  const response = await fetch(stored?.url ?? '', { headers: { authorization: `Bearer ${server.key}` } });
  expect(await response.text()).toBe('content');
  expect(response.headers.get('content-disposition')).toContain(encodeURIComponent('日本'));
});

test('an error message contains no text direction mark of a filename', async () => {
  await using server = await startTestServer({ REFUSED_EXTENSIONS: 'exe' });
  const { body } = await post(server, Buffer.concat([preface(1), file('0', '../a\u202e.exe', 'x'), closing()]));
  expect(body.data?.uploadTaskFiles?.errors).toMatchObject([{ index: 0, code: 'UNSUPPORTED_MEDIA_TYPE' }]);
  expect(body.data?.uploadTaskFiles?.errors[0]?.message).not.toContain('\u202e');
  await expectStored(server, []);
});

test.for(['a.exe ', 'a.exe.', 'a.exe\t', 'a.ex\u202ee', 'a.EXE', 'a.exe\u200e', 'a.txt/b.exe'])(
  'rejects a refused extension in the filename %j',
  async (name) => {
    await using server = await startTestServer({ REFUSED_EXTENSIONS: 'exe' });
    const { body } = await post(server, Buffer.concat([preface(1), file('0', name, 'x'), closing()]));
    expect(body.data?.uploadTaskFiles?.errors).toMatchObject([{ index: 0, code: 'UNSUPPORTED_MEDIA_TYPE' }]);
    await expectStored(server, []);
  },
);
