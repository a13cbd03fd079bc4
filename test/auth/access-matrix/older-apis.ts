import { basic } from '../../legacy/kanboard.ts';
import type { Right } from './rights.ts';
import { bearer, fileNumber, http, numberIn, placed, type TransportCase, taskNumber, word } from './transport-case.ts';
import { PROJECT, type World } from './world.ts';

/** The operations of the older APIs. */

const project = numberIn(PROJECT);

const form = (name: string): FormData => {
  const data = new FormData();
  data.set(name, new File(['b'], 'b.txt'));
  return data;
};

/** As a user: the application gets an empty value for what is hidden, and for what is forbidden. */
const kanboard = (right: Right, method: string, params: (world: World) => Promise<unknown[]>): TransportCase => ({
  right,
  isVague: true,
  async prepare(world) {
    const body = JSON.stringify({ jsonrpc: '2.0', method, params: await params(world), id: 1 });
    return async (key) => {
      const headers = { authorization: basic(world.names.get(key) ?? '', key), 'content-type': 'application/json' };
      const response = await fetch(`${world.server.url}/jsonrpc.php`, { method: 'POST', headers, body });
      const { error } = (await response.json()) as { error?: { message: string } };
      return error && response.status === 200 ? error.message : word(response.status);
    };
  },
});

const worksection = (
  right: Right,
  query: (world: World) => Promise<string>,
  { files = false } = {},
): TransportCase => ({
  right,
  async prepare(world) {
    const url = `${world.server.url}/api/admin/v2/?${await query(world)}`;
    return async (key) => {
      const init = files ? { method: 'POST', body: form('attach[0]') } : {};
      const response = await fetch(url, { ...init, headers: bearer(key) });
      if (response.headers.get('content-type') === 'application/x-download') return 'done';
      const answer = (await response.json()) as { status: string; status_code?: number; message?: string };
      if (answer.status === 'ok') return 'done';
      const codes: Readonly<Record<number, string>> = {
        ...{ 2: 'UNAUTHENTICATED', 3: 'FORBIDDEN', 4: 'NOT_FOUND', 5: 'NOT_FOUND' },
      };
      return codes[answer.status_code ?? 0] ?? JSON.stringify(answer);
    };
  },
});

const kanboardCases: Readonly<Record<string, TransportCase>> = {
  getVersion: kanboard('read', 'getVersion', async () => []),
  createProject: kanboard('write', 'createProject', async () => ['P']),
  createTask: kanboard('edit', 'createTask', async () => ['T', project]),
  getTask: kanboard('see', 'getTask', async (world) => [await taskNumber(world)]),
  createTaskFile: kanboard('edit', 'createTaskFile', async (world) => [project, await taskNumber(world), 'a', 'YQ==']),
  getAllTaskFiles: kanboard('see', 'getAllTaskFiles', async (world) => [await taskNumber(world)]),
  getTaskFile: kanboard('see', 'getTaskFile', async (world) => [await fileNumber(world)]),
  downloadTaskFile: kanboard('see', 'downloadTaskFile', async (world) => [await fileNumber(world)]),
  removeTaskFile: kanboard('edit', 'removeTaskFile', async (world) => [await fileNumber(world)]),
  removeAllTaskFiles: kanboard('edit', 'removeAllTaskFiles', async (world) => [numberIn((await placed(world)).place)]),
  createProjectFile: kanboard('edit', 'createProjectFile', async () => [project, 'a', 'YQ==']),
  getAllProjectFiles: kanboard('see', 'getAllProjectFiles', async () => [project]),
  getProjectFile: kanboard('see', 'getProjectFile', async (world) => [project, (await world.file(PROJECT)).databaseId]),
  downloadProjectFile: kanboard('see', 'downloadProjectFile', async (world) => [
    project,
    (await world.file(PROJECT)).databaseId,
  ]),
  removeProjectFile: kanboard('edit', 'removeProjectFile', async (world) => [
    project,
    (await world.file(PROJECT)).databaseId,
  ]),
  removeAllProjectFiles: kanboard('edit', 'removeAllProjectFiles', async (world) => {
    const on = await world.project();
    return [numberIn(on)];
  }),
};

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const onlyoffice: Readonly<Record<string, TransportCase>> = Object.fromEntries(
  (
    [
      ['task', 'project/task', (world: World) => world.task()],
      ['contact', 'crm/contact', (world: World) => world.entity('Contact')],
      ['opportunity', 'crm/opportunity', (world: World) => world.entity('Opportunity')],
      ['case', 'crm/case', (world: World) => world.entity('Case')],
    ] as const
  ).flatMap(([name, path, make]) => {
    const files = (world: World) => make(world).then((id) => `/api/2.0/${path}/${numberIn(id)}/files`);
    const attach: TransportCase = {
      right: 'edit',
      async prepare(world) {
        const [url, file] = [world.server.url + (await files(world)), await world.file()];
        const { headers, ...init } = json(
          name === 'task' ? { files: [file.databaseId] } : { fileids: [file.databaseId] },
        );
        return async (key) => word((await fetch(url, { ...init, headers: { ...headers, ...bearer(key) } })).status);
      },
    };
    const upload: TransportCase = {
      right: 'edit',
      async prepare(world) {
        const url = `${world.server.url}${await files(world)}/upload`;
        return async (key) =>
          word((await fetch(url, { method: 'POST', headers: bearer(key), body: form('file') })).status);
      },
    };
    return [
      [`ONLYOFFICE list of a ${name}`, http('see', files)],
      [`ONLYOFFICE attach to a ${name}`, attach],
      [`ONLYOFFICE upload to a ${name}`, upload],
    ] as [string, TransportCase][];
  }),
);

const others: Readonly<Record<string, TransportCase>> = {
  'ONLYOFFICE detach': http(
    'edit',
    async (world) => {
      const { place, file } = await placed(world);
      return `/api/2.0/project/task/${numberIn(place)}/files/${file.databaseId}`;
    },
    { method: 'DELETE' },
  ),
  'COR list': http('see', async (world) => `/v1/tasks/${await taskNumber(world)}/attachments`),
  'COR upload': {
    right: 'edit',
    async prepare(world) {
      const url = `${world.server.url}/v1/tasks/${await taskNumber(world)}/attachments`;
      return async (key) =>
        word((await fetch(url, { method: 'POST', headers: bearer(key), body: form('file') })).status);
    },
  },
  'Worksection get_projects': worksection('read', async () => 'action=get_projects'),
  'Worksection get_tasks': worksection('see', async () => `action=get_tasks&id_project=${project}`),
  'Worksection get_files': worksection('see', async (world) => `action=get_files&id_task=${await taskNumber(world)}`),
  'Worksection download': worksection('see', async (world) => `action=download&id_file=${await fileNumber(world)}`),
  'Worksection post_project': worksection('write', async () => 'action=post_project&title=P'),
  'Worksection post_task': worksection('edit', async () => `action=post_task&id_project=${project}&title=T`),
  'Worksection post_task with files': worksection(
    'edit',
    async () => `action=post_task&id_project=${project}&title=T`,
    { files: true },
  ),
  'Worksection post_comment': worksection(
    'edit',
    async (world) => `action=post_comment&id_task=${await taskNumber(world)}&text=C`,
  ),
  'Worksection update_task': worksection(
    'edit',
    async (world) => `action=update_task&id_task=${await taskNumber(world)}&title=U`,
  ),
};

export const olderApis: Readonly<Record<string, TransportCase>> = {
  ...Object.fromEntries(Object.entries(kanboardCases).map(([name, one]) => [`Kanboard ${name}`, one])),
  ...onlyoffice,
  ...others,
};

export const kanboardProcedures = Object.keys(kanboardCases);
