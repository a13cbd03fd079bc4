import { expect, test } from 'vitest';
import { headerRuns, longRuns } from '../support/long-runs.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { basic, expectLinear, HEADER, json, post, startWithFile, sweep } from '../support/sweep.ts';
import { expectResponsive, underWatch } from '../support/watchdog.ts';

/** A form with one file, with the header of its part as given. */
function formWith(filename: string, field = 'file'): RequestInit {
  const body = `--b\r\ncontent-disposition: form-data; name="${field}"; ${filename}\r\n\r\nbytes\r\n--b--\r\n`;
  return post(body, { 'content-type': 'multipart/form-data; boundary=b' });
}

function graphqlForm(filename: string): RequestInit {
  const query = 'mutation ($files: [Upload!]!) { uploadFiles(input: { files: $files }) { files { name } } }';
  const operations = JSON.stringify({ query, variables: { files: [null] } });
  const field = (name: string, value: string) =>
    `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const file = `--b\r\ncontent-disposition: form-data; name="0"; ${filename}\r\n\r\nbytes\r\n--b--\r\n`;
  const body = `${field('operations', operations)}${field('map', '{"0":["variables.files.0"]}')}${file}`;
  return post(body, { 'content-type': 'multipart/form-data; boundary=b' });
}

const noBreaks = longRuns(HEADER).filter((run) => !/[\r\n\0\ud800]/.test(run));

test('file names of three megabytes do not affect other users', { timeout: 120_000 }, async () => {
  await using started = await startWithFile();
  const { server } = started;
  const dots = '.'.repeat(3_000_000);
  const names = [`${dots}x`, ` ${dots}`, `${' '.repeat(3_000_000)}x`, 'e\u0301\u0323'.repeat(1_000_000)];
  const create =
    'mutation ($n: String!) { createTaskFile(input: { taskId: "Task:1", filename: $n, blob: "YQ==" }) { file { name } } }';
  const update = 'mutation ($n: String!) { updateFile(input: { fileId: "File:1", name: $n }) { file { name } } }';
  const rpc = (filename: string) => ({
    ...{ jsonrpc: '2.0', id: 1, method: 'createTaskFile' },
    params: { project_id: 1, task_id: 1, filename, blob: 'YQ==' },
  });
  const watched = await underWatch(server, ADMIN_KEY, () =>
    sweep(server, {
      createTaskFile: names.map((n) => ({ path: '/graphql', init: json({ query: create, variables: { n } }) })),
      updateFile: names.map((n) => ({ path: '/graphql', init: json({ query: update, variables: { n } }) })),
      kanboard: names.map((n) => ({ path: '/jsonrpc.php', authorization: basic, init: json(rpc(n)) })),
    }),
  );
  expect(watched.result).toEqual([]);
  expectResponsive(watched);
});

test('parsing a file name of a form, tus or ONLYOFFICE takes time linear in its length', {
  timeout: 120_000,
}, async () => {
  const quoted = noBreaks.map((run) => `filename="${run.replaceAll('"', '')}"`);
  const extended = noBreaks.map((run) => `filename*=UTF-8''${encodeURIComponent(run).slice(0, HEADER)}`);
  const bare = headerRuns(HEADER).map((run) => `filename=${run}`);
  const all = [...quoted, ...extended, ...bare];
  const encode = (text: string) => Buffer.from(text).subarray(0, 11_000).toString('base64');
  await expectLinear({
    'GraphQL multipart': all.map((filename) => ({ path: '/graphql', init: graphqlForm(filename) })),
    COR: all.map((filename) => ({ path: '/v1/tasks/1/attachments', init: formWith(filename) })),
    'ONLYOFFICE form': all.map((filename) => ({
      path: '/api/2.0/crm/contact/1/files/upload',
      init: formWith(filename),
    })),
    'ONLYOFFICE content-disposition': [...extended, ...bare].map((filename) => ({
      path: '/api/2.0/crm/contact/1/files/upload',
      init: post('bytes', { 'content-type': 'image/png', 'content-disposition': `attachment; ${filename}`.trim() }),
    })),
    Worksection: all.map((filename) => ({
      path: '/api/admin/v2/?action=post_comment&id_task=1&text=a',
      init: formWith(filename, 'attach'),
    })),
    tus: noBreaks.map((run) => ({
      path: '/uploads',
      init: post(null, {
        'tus-resumable': '1.0.0',
        'upload-length': '1',
        'upload-metadata': `filename ${encode(run)}`,
      }),
    })),
    'tus metadata': headerRuns(HEADER).map((run) => ({
      path: '/uploads',
      init: post(null, { 'tus-resumable': '1.0.0', 'upload-length': '1', 'upload-metadata': run.trim() || 'a' }),
    })),
  });
});
