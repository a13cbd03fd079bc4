import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { print } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { UploadTaskFilesMutation } from '../generated/graphql.ts';
import { ask, dataOf } from '../support/client.ts';
import { uploadTaskFilesDocument } from '../support/documents.ts';
import { sha256 } from '../support/download.ts';
import { uploadFile } from '../support/files.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** An empty folder to run curl in. */
async function makeFolder() {
  const path = await mkdtemp(join(tmpdir(), 'attache-curl-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function curl(server: TestServer, folder: string, ...options: string[]): Promise<string> {
  const fixed = ['--silent', '--show-error', '--fail-with-body', '-H', `Authorization: Bearer ${server.key}`];
  return (await promisify(execFile)('curl', [...fixed, ...options], { cwd: folder })).stdout;
}

async function upload(server: TestServer, folder: string, names: string[], ...options: string[]) {
  const variables = { taskId: 'Task:1', files: names.map(() => null) };
  const map = Object.fromEntries(names.map((_, index) => [index, [`variables.files.${index}`]]));
  const form = [
    ['operations', JSON.stringify({ query: print(uploadTaskFilesDocument), variables })],
    ['map', JSON.stringify(map)],
    ...names.map((name, index) => [String(index), `@${name}`]),
  ];
  const parts = form.flatMap(([name, value]) => ['-F', `${name}=${value}`]);
  const body = await curl(server, folder, server.graphqlUrl, ...parts, ...options);
  return dataOf<UploadTaskFilesMutation>(JSON.parse(body)).uploadTaskFiles;
}

/** The name under which `curl -OJ` saves a file. */
async function savedName(server: TestServer, file: { databaseId: number }): Promise<string[]> {
  await using folder = await makeFolder();
  await curl(server, folder.path, '-OJ', `${server.url}/files/${file.databaseId}/content`);
  return readdir(folder.path);
}

describe.runIf(isInstalled('curl'))('curl', () => {
  test.each([
    ['plain name.txt', 'plain name.txt'],
    ['50% off, 100%25.txt', '50% off, 100%25.txt'],
    ['a;b=c, (d).txt', 'a;b=c, (d).txt'],
    ['say "hello".txt', 'say _hello_.txt'],
    ['Crème brûlée.txt', 'Creme brulee.txt'],
    ['見積書 📎 2026.txt', '___ _ 2026.txt'],
  ])('saves %s with -OJ as %s', async (name, saved) => {
    await using server = await startTestServer();
    expect(await savedName(server, await uploadFile(server, 'Task:1', { name, content: 'content' }))).toEqual([saved]);
  });

  test('saves a file whose new name has an unpaired surrogate', async () => {
    await using server = await startTestServer();
    const file = await uploadFile(server, 'Task:1', { name: 'a.txt', content: 'content' });
    const rename = `mutation ($input: UpdateFileInput!) { updateFile(input: $input) { file { name } } }`;
    const renamed = await ask(server, rename, { input: { fileId: file.id, name: 'half \ud83d.txt' } });
    expect(renamed).toEqual({ updateFile: { file: { name: 'half \ufffd.txt' } } });
    expect(await savedName(server, file)).toEqual(['half _.txt']);
  });

  test('uploads a file as the multipart request spec shows it', async () => {
    await using server = await startTestServer();
    await using folder = await makeFolder();
    await writeFile(join(folder.path, 'a.txt'), 'Alpha file content.\n');
    const { files, errors } = await upload(server, folder.path, ['a.txt']);
    expect(errors).toEqual([]);
    expect(files).toMatchObject([{ name: 'a.txt', size: 20, contentType: 'text/plain' }]);
  });

  test('uploads several files with chunked encoding and a non-ASCII name', async () => {
    await using server = await startTestServer();
    await using folder = await makeFolder();
    const content = randomBytes(3_000_000);
    await writeFile(join(folder.path, 'Größe.bin'), content);
    await writeFile(join(folder.path, 'empty.txt'), '');
    const names = ['Größe.bin', 'empty.txt'];
    const { files } = await upload(server, folder.path, names, '-H', 'Transfer-Encoding: chunked');
    expect(files).toMatchObject([
      { name: 'Größe.bin', size: content.length, sha256: sha256(content) },
      { name: 'empty.txt', size: 0 },
    ]);
  });

  test('saves a download under its name with -OJ', async () => {
    await using server = await startTestServer();
    await using source = await makeFolder();
    await using target = await makeFolder();
    const content = randomBytes(1_000_000);
    await writeFile(join(source.path, 'annual report.pdf'), content);
    const { files } = await upload(server, source.path, ['annual report.pdf']);
    await curl(server, target.path, '-OJ', files[0]?.url ?? '');
    expect(await readdir(target.path)).toEqual(['annual report.pdf']);
    expect(await readFile(join(target.path, 'annual report.pdf'))).toEqual(content);
  });

  test('resumes an interrupted download with -C -', async () => {
    await using server = await startTestServer();
    await using folder = await makeFolder();
    const content = randomBytes(2_000_000);
    await writeFile(join(folder.path, 'whole.bin'), content);
    const { files } = await upload(server, folder.path, ['whole.bin']);
    const part = join(folder.path, 'part.bin');
    await writeFile(part, content.subarray(0, 700_001));
    const progress = await curl(
      server,
      folder.path,
      '-C',
      '-',
      '-o',
      part,
      '-w',
      '%{http_code} %{size_download}',
      files[0]?.url ?? '',
    );
    expect(progress).toBe('206 1299999');
    expect(await readFile(part)).toEqual(content);
  });

  test('receives status 404 and a JSON error for a missing file', async () => {
    await using server = await startTestServer();
    await using folder = await makeFolder();
    const url = `${server.url}/files/999/content`;
    const failure = await curl(server, folder.path, url).catch((error) => error);
    expect(failure.stderr).toContain('404');
    expect(JSON.parse(failure.stdout)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });
});
