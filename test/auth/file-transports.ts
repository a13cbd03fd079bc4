import { metadata, tus } from '../http/tus/client.ts';
import { basic } from '../legacy/kanboard.ts';
import { ask, codeOf } from '../support/client.ts';
import { attachQuery, removeQuery, tryUploadFiles, updateQuery } from '../support/files.ts';
import type { TestServer } from '../support/server.ts';
import type { BuiltState } from './file-state-server.ts';

/** Every way to reach a file. Each maps the response of its protocol to the same outcomes. */
export type Outcome = 'done' | 'NOT_FOUND' | 'FORBIDDEN' | string;

type Way = (server: TestServer, state: BuiltState) => Promise<Outcome>;

const word = (status: number): Outcome =>
  ({ 200: 'done', 201: 'done', 204: 'done', 403: 'FORBIDDEN', 404: 'NOT_FOUND' })[status] ?? String(status);

const bearer = ({ key }: BuiltState) => ({ authorization: `Bearer ${key}` });
const numberIn = (id: string) => Number(id.split(':')[1]);

async function graphql(server: TestServer, { key }: BuiltState, query: string, variables = {}): Promise<Outcome> {
  return (await codeOf(server, query, variables, key)) ?? 'done';
}

async function get(server: TestServer, state: BuiltState, path: string, init: RequestInit = {}): Promise<Outcome> {
  const response = await fetch(server.url + path, { headers: bearer(state), ...init });
  await response.arrayBuffer();
  return word(response.status);
}

async function kanboard(
  server: TestServer,
  { key }: BuiltState,
  method: string,
  params: unknown[],
): Promise<{ result?: unknown; refused?: Outcome }> {
  const body = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 });
  const headers = { authorization: basic('jsonrpc', key), 'content-type': 'application/json' };
  const response = await fetch(`${server.url}/jsonrpc.php`, { method: 'POST', headers, body });
  if (response.status !== 200) return { refused: word(response.status) };
  return (await response.json()) as { result?: unknown };
}

async function worksection(server: TestServer, state: BuiltState, query: string): Promise<Response> {
  return fetch(`${server.url}/api/admin/v2/?${query}`, { headers: bearer(state) });
}

/** What the schema says that the viewer may do with the file. */
export const statedRights = async (server: TestServer, { fileId, key }: BuiltState): Promise<object> =>
  (
    await ask<{ file: object }>(
      server,
      'query ($id: ID!) { file(id: $id) { canEdit canReview canRemove } }',
      { id: fileId },
      key,
    )
  ).file;

/** Kanboard finds a file of a task only through a task that the caller sees. */
export const hasTask = ({ places }: BuiltState) => places.some(({ id, isSeen }) => isSeen && id.startsWith('Task:'));

/** Ways that only read the file: `done` for those who see it, NOT_FOUND for everyone else. */
export const reading: Readonly<Record<string, Way>> = {
  'GraphQL file': (server, state) =>
    graphql(server, state, 'query ($id: ID!) { file(id: $id) { name content versions { id } attachedTo { id } } }', {
      id: state.fileId,
    }),
  'GraphQL node': (server, state) =>
    graphql(server, state, 'query ($id: ID!) { node(id: $id) { id } }', { id: state.fileId }),
  'GraphQL nodes': (server, state) =>
    graphql(server, state, 'query ($id: ID!) { nodes(ids: [$id]) { id } }', { id: state.fileId }),
  download: (server, state) => get(server, state, `/files/${state.databaseId}/content`),
  'download by HEAD': (server, state) =>
    get(server, state, `/files/${state.databaseId}/content`, { method: 'HEAD', headers: bearer(state) }),
  thumbnail: (server, state) => get(server, state, `/files/${state.databaseId}/thumbnail?width=32&height=32`),
  'a link of before': async (_server, { link }) => word((await fetch(String(link))).status),
  'a link of before to the thumbnail': async (server, { link, databaseId }) => {
    const { search } = new URL(String(link));
    return word((await fetch(`${server.url}/files/${databaseId}/thumbnail${search}&width=32&height=32`)).status);
  },
  'Worksection download': async (server, state) => {
    const response = await worksection(server, state, `action=download&id_file=${state.databaseId}`);
    if (response.headers.get('content-type') === 'application/x-download') return 'done';
    return (await response.json()).status_code === 4 ? 'NOT_FOUND' : 'refused';
  },
  'Worksection /download/ID': async (server, state) => {
    const response = await fetch(`${server.url}/download/${state.databaseId}`, { headers: bearer(state) });
    return response.headers.get('content-type') === 'application/x-download' ? 'done' : 'NOT_FOUND';
  },
};

/** The same, through a task that the caller sees and that the file is attached to. */
export const readingOfTask: Readonly<Record<string, Way>> = {
  'Kanboard getTaskFile': async (server, state) => {
    const { result } = await kanboard(server, state, 'getTaskFile', [state.databaseId]);
    return result ? 'done' : 'NOT_FOUND';
  },
  'Kanboard downloadTaskFile': async (server, state) => {
    const { result } = await kanboard(server, state, 'downloadTaskFile', [state.databaseId]);
    return result ? 'done' : 'NOT_FOUND';
  },
};

/** The ids of the files on an attachable, as each protocol lists them. */
export const listing: Readonly<
  Record<string, (server: TestServer, state: BuiltState, on: string) => Promise<number[] | undefined>>
> = {
  GraphQL: async (server, { key }, on) =>
    idsIn(server, `{ node(id: "${on}") { ... on Attachable { files { nodes { databaseId } } } } }`, key),
  ZIP: async (server, state, on) => {
    const response = await fetch(`${server.url}/files/zip?on=${on}`, { headers: bearer(state) });
    const bytes = Buffer.from(await response.arrayBuffer());
    return bytes.includes('a.png') ? [state.databaseId] : [];
  },
  Kanboard: async (server, state, on) => {
    if (!on.startsWith('Task:')) return undefined;
    const { result } = await kanboard(server, state, 'getAllTaskFiles', [numberIn(on)]);
    return (result as { id: number }[]).map(({ id }) => id);
  },
  ONLYOFFICE: async (server, state, on) => {
    const [type = '', id] = on.split(':');
    const path = type === 'Task' ? `project/task/${id}` : `crm/${type.toLowerCase()}/${id}`;
    const response = await fetch(`${server.url}/api/2.0/${path}/files`, { headers: bearer(state) });
    return ((await response.json()).response as { id: number }[]).map((file) => Number(file.id));
  },
  Worksection: async (server, state, on) => {
    if (!on.startsWith('Task:')) return undefined;
    const { data } = await (await worksection(server, state, `action=get_files&id_task=${numberIn(on)}`)).json();
    return (data as { id: string }[]).map(({ id }) => Number(id));
  },
  COR: async (server, state, on) => {
    if (!on.startsWith('Task:')) return undefined;
    const response = await fetch(`${server.url}/v1/tasks/${numberIn(on)}/attachments`, { headers: bearer(state) });
    return ((await response.json()).files as { id: number }[]).map(({ id }) => id);
  },
};

async function idsIn(server: TestServer, query: string, key: string): Promise<number[]> {
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { data: { node: { files: { nodes: { databaseId: number }[] } } } };
  return data.node.files.nodes.map(({ databaseId }) => databaseId);
}

/** Whether the list of all files that the viewer may see contains the file. */
export async function isListedAtAll(server: TestServer, { key, fileId }: BuiltState): Promise<boolean> {
  const body = JSON.stringify({
    query: '{ files(first: 100, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { id } } }',
  });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(server.graphqlUrl, { method: 'POST', headers, body });
  const { data } = (await response.json()) as { data: { files: { nodes: { id: string }[] } } };
  return data.files.nodes.some(({ id }) => id === fileId);
}

/** Ways that need the right to change the file, and leave it unchanged. */
export const changing: Readonly<Record<string, Way>> = {
  rename: (server, state) => graphql(server, state, updateQuery, { input: { fileId: state.fileId, name: 'a.png' } }),
  'tus parentId': async (server, state) => {
    const pairs = { filename: 'v2', parentId: state.fileId };
    const place = { url: server.url, key: state.key };
    const response = await tus(place, 'POST', '/uploads', { 'upload-length': '3', 'upload-metadata': metadata(pairs) });
    const location = response.headers.get('location');
    if (location) await tus(place, 'DELETE', location);
    return word(response.status);
  },
  /** The file is not on that task: only those who may add a version to it get this error. */
  'COR attachment_parent_id': async (server, state) => {
    const form = new FormData();
    form.set('file', new Blob(['v2']), 'v2');
    form.set('attachment_parent_id', String(state.databaseId));
    const init = { method: 'POST', headers: bearer(state), body: form };
    const response = await fetch(`${server.url}/v1/tasks/${numberIn(state.ownTask)}/attachments`, init);
    return response.status === 400 ? 'done' : word(response.status);
  },
  'GraphQL parentId': async (server, state) => {
    const { errors } = await tryUploadFiles(server, state.ownTask, ['v2'], { parentId: state.fileId }, state.key);
    const code = errors?.[0]?.extensions.code ?? 'a version was added';
    return code === 'BAD_USER_INPUT' ? 'done' : code;
  },
  'createTaskFile parentId': async (server, state) => {
    const query = `mutation ($parentId: ID!, $taskId: ID!) {
      createTaskFile(input: { taskId: $taskId, filename: "v2", blob: "YQ==", parentId: $parentId }) { file { id } }
    }`;
    const outcome = await graphql(server, state, query, { parentId: state.fileId, taskId: state.ownTask });
    return outcome === 'BAD_USER_INPUT' ? 'done' : outcome;
  },
};

export const review: Way = (server, state) =>
  graphql(server, state, updateQuery, { input: { fileId: state.fileId, status: 'APPROVED' } });

/** Ways to attach the file, by its id, to a task of the viewer's own. */
export const attaching: Readonly<Record<string, Way>> = {
  'GraphQL attachTaskFiles': (server, state) =>
    graphql(server, state, attachQuery(state.ownTask), { fileIds: [state.fileId] }),
  'ONLYOFFICE attach': async (server, state) => {
    const url = `${server.url}/api/2.0/project/task/${numberIn(state.ownTask)}/files`;
    const headers = { ...bearer(state), 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ files: [state.databaseId] }) });
    return word(response.status);
  },
};

/** Detaches the file from the viewer's own task. */
export const detachOwn: Way = async (server, state) => {
  const url = `${server.url}/api/2.0/project/task/${numberIn(state.ownTask)}/files/${state.databaseId}`;
  return word((await fetch(url, { method: 'DELETE', headers: bearer(state) })).status);
};

/** Ways to remove the file from everything. */
export const removing: Readonly<Record<string, Way>> = {
  'GraphQL removeFile': (server, state) => graphql(server, state, removeQuery, { fileId: state.fileId }),
  'Kanboard removeTaskFile': async (server, state) => {
    const answer = await kanboard(server, state, 'removeTaskFile', [state.databaseId]);
    if (answer.refused !== undefined) return answer.refused;
    return answer.result === true ? 'done' : 'NOT_FOUND';
  },
};
