import { metadata } from '../../http/tus/client.ts';
import { basic } from '../../legacy/kanboard.ts';
import { closing, field, file, uploadToTask } from '../../support/raw-http.ts';

/** Valid requests and messages, as bytes, which the fuzz test mutates. */
export interface Seeds {
  /** Whole HTTP requests, by name. */
  requests: ReadonlyMap<string, Buffer>;
  /** Texts of WebSocket messages after `connection_ack`. */
  messages: readonly string[];
}

const BOUNDARY = 'the-boundary-of-the-tests';

/** An HTTP request with a body, whose connection the server closes after its response. */
function request(line: string, headers: Record<string, string>, body: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(body);
  const fields = { host: 'localhost', connection: 'close', 'content-length': String(bytes.length), ...headers };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${line} HTTP/1.1\r\n${head.join('')}\r\n`), bytes]);
}

const list = `query Files($id: ID!, $first: Int, $filter: FileFilter) {
  task(id: $id) { title files(first: $first, filter: $filter) { totalCount nodes { id name size sha256 createdBy { id } } } }
}`;
const rename =
  'mutation ($id: ID!, $name: String!) { updateFile(input: { fileId: $id, name: $name }) { file { name } } }';
const subscribe =
  'subscription ($on: ID!, $after: String) { fileAdded(on: $on, after: $after) { cursor file { name } } }';

/**
 * `fileId` is that of an existing file on Task:1, `uploadPath` that of a resumable upload without
 * bytes.
 */
export function seedsFor(key: string, fileId: string, uploadPath: string): Seeds {
  const bearer = { authorization: `Bearer ${key}` };
  const json = { ...bearer, 'content-type': 'application/json' };
  const form = { ...bearer, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
  const tus = { ...bearer, 'tus-resumable': '1.0.0' };
  const graphql = (query: string, variables: object) =>
    request('POST /graphql', json, JSON.stringify({ query, variables }));
  const operations = { query: uploadToTask, variables: { taskId: 'Task:1', files: [null, null] } };
  const parts = [
    field('operations', operations),
    field('map', { 0: ['variables.files.0'], 1: ['variables.files.1'] }),
    file('0', 'a.txt', 'the content of a text'),
    file('1', 'b.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')),
    closing(),
  ];
  const legacyForm = [field('filename', 'a.txt'), file('file', 'a.txt', 'text'), closing()];
  const kanboard = {
    ...{ jsonrpc: '2.0', id: 1, method: 'createTaskFile' },
    params: { project_id: 1, task_id: 1, filename: 'a.txt', blob: 'dGV4dA==' },
  };
  const basicJson = { 'content-type': 'application/json', authorization: basic('jsonrpc', key) };
  const id = fileId.replace('File:', '');
  const requests = {
    'a multipart upload': request('POST /graphql', form, Buffer.concat(parts)),
    'a GraphQL query': graphql(list, { id: 'Task:1', first: 10, filter: { nameContains: 'a', isImage: false } }),
    'a GraphQL mutation': graphql(rename, { id: fileId, name: 'renamed.txt' }),
    'a GraphQL query in a URL': request(
      `GET /graphql?query=${encodeURIComponent('query($id: ID!) { task(id: $id) { title } }')}&variables=${encodeURIComponent('{"id":"Task:1"}')}`,
      bearer,
    ),
    'a subscription over SSE': request(
      'POST /graphql',
      { ...json, accept: 'text/event-stream' },
      JSON.stringify({ query: subscribe, variables: { on: 'Task:1' } }),
    ),
    'a creation by tus': request('POST /uploads', {
      ...tus,
      'upload-length': '10',
      'upload-metadata': metadata({ filename: 'a.txt', on: 'Task:1' }),
    }),
    'a chunk by tus': request(
      `PATCH ${uploadPath}`,
      { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
      'abc',
    ),
    'the state of a tus upload': request(`HEAD ${uploadPath}`, tus),
    'a download': request(`GET /files/${id}/content`, { ...bearer, range: 'bytes=0-3', 'if-none-match': '"x"' }),
    'a thumbnail': request(`GET /files/${id}/thumbnail?width=64&height=64`, bearer),
    'an archive': request('GET /files/zip?on=Task:1', bearer),
    'a call of Kanboard': request('POST /jsonrpc.php', basicJson, JSON.stringify(kanboard)),
    'a batch of Kanboard': request(
      'POST /jsonrpc.php',
      basicJson,
      JSON.stringify([kanboard, { ...kanboard, method: 'getAllTaskFiles', params: { task_id: 1 } }]),
    ),
    'an upload to ONLYOFFICE': request('POST /api/2.0/files/1/upload', form, Buffer.concat(legacyForm)),
    'files of ONLYOFFICE': request('POST /api/2.0/project/task/1/files', json, '{"files":[1,2]}'),
    'a call of Worksection': request('GET /api/admin/v2/?action=get_tasks&id_project=1&text=1', bearer),
    'an upload to Worksection': request(
      'POST /api/admin/v2/?action=post_comment&id_task=1&text=hello',
      form,
      Buffer.concat([file('attach[0]', 'a.txt', 'text'), closing()]),
    ),
    'an upload to COR': request('POST /v1/tasks/1/attachments', form, Buffer.concat(legacyForm)),
  };
  const message = (value: object) => JSON.stringify(value);
  return {
    requests: new Map(Object.entries(requests)),
    messages: [
      message({ id: '1', type: 'subscribe', payload: { query: list, variables: { id: 'Task:1', first: 3 } } }),
      message({ id: '2', type: 'subscribe', payload: { query: subscribe, variables: { on: 'Project:1' } } }),
      message({ id: '3', type: 'subscribe', payload: { query: rename, variables: { id: fileId, name: 'b.txt' } } }),
      message({ id: '2', type: 'complete' }),
      message({ type: 'ping', payload: { at: 1 } }),
      message({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } }),
    ],
  };
}
