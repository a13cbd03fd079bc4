import { test } from 'vitest';
import { fileProcedures } from '../../src/legacy/kanboard/file-procedures.ts';
import { taskProcedures } from '../../src/legacy/kanboard/task-procedures.ts';
import { headerRuns, longRuns } from '../support/long-runs.ts';
import { basic, expectLinear, HEADER, json, post } from '../support/sweep.ts';

/** Texts outside the schema: headers, URLs, and parameters of the older APIs. */

const LENGTH = 50_000;

test('parsing any header takes time linear in its length', { timeout: 120_000 }, async () => {
  const runs = headerRuns(HEADER)
    .map((run) => run.trim())
    .filter(Boolean);
  const schemes = ['', 'Bearer ', 'Basic ', 'Admin '];
  const paths = [
    '/graphql',
    '/jsonrpc.php',
    '/api/2.0/crm/contact/1/files',
    '/api/admin/v2/?action=get_projects',
    '/v1/tasks/1/attachments',
  ];
  const credentials = paths.flatMap((path) =>
    runs.map(
      (run, index) =>
        [`${path} ${schemes[index % 4]}`, { path, authorization: `${schemes[index % 4]}${run}` }] as const,
    ),
  );
  const names = [
    'range',
    'if-range',
    'if-none-match',
    'if-modified-since',
    'cookie',
    'accept',
    'accept-encoding',
    'origin',
    'forwarded',
  ];
  const download = names.map(
    (name) => [name, runs.map((run) => ({ path: '/files/1/content', init: { headers: { [name]: run } } }))] as const,
  );
  const sending = [
    'content-type',
    'content-disposition',
    'x-http-method-override',
    'upload-checksum',
    'upload-offset',
    'last-event-id',
  ];
  const upload = sending.flatMap((name) =>
    [
      '/graphql',
      '/uploads',
      '/api/2.0/crm/contact/1/files/upload',
      '/v1/tasks/1/attachments',
      '/api/admin/v2/?action=post_task',
    ].map(
      (path) =>
        [
          `${name} ${path}`,
          runs.map((run) => ({ path, init: post('bytes', { 'tus-resumable': '1.0.0', [name]: run }) })),
        ] as const,
    ),
  );
  await expectLinear({
    ...Object.fromEntries(
      Map.groupBy(credentials, ([name]) => name)
        .entries()
        .map(([name, all]) => [name, all.map(([, parameter]) => parameter)]),
    ),
    ...Object.fromEntries([...download, ...upload]),
  });
});

test('parsing any URL takes time linear in its length', { timeout: 120_000 }, async () => {
  const runs = longRuns(5000).map((run) => encodeURIComponent(run.toWellFormed()).slice(0, HEADER).replace(/%.?$/, ''));
  const plain = headerRuns(HEADER)
    .map((run) => run.replaceAll(/[\s#"<>\\]/g, ''))
    .filter(Boolean);
  const all = [...runs, ...plain];
  const paths = [
    '/files/zip?on=',
    '/files/1/thumbnail?width=',
    '/files/1/content?token=',
    '/files/',
    '/uploads/',
    '/graphql?query=',
  ];
  const older = ['/v1/tasks/', '/api/2.0/crm/contact/1/files?fileids=', '/download/', '/'];
  const hashed = `hash=${'0'.repeat(32)}&action=`;
  const worksection = [
    'action=get_files&id_task=',
    'action=get_tasks&id_project=',
    'action=download&id_file=',
    'action=',
    'hash=',
    hashed,
    '',
  ];
  const places = [...paths, ...older, ...worksection.map((query) => `/api/admin/v2/?${query}`)];
  await expectLinear(
    Object.fromEntries(places.map((place) => [place, all.map((run) => ({ path: `${place}${run}` }))])),
  );
});

test('parsing any parameter of the older APIs takes time linear in its length', { timeout: 240_000 }, async () => {
  const runs = longRuns(LENGTH).map((run) => run.toWellFormed());
  const procedures = { ...fileProcedures, ...taskProcedures({ publicUrl: () => '' } as never) };
  const usual: Record<string, unknown> = {
    project_id: 1,
    task_id: 1,
    file_id: 1,
    blob: 'YQ==',
    title: 'a',
    name: 'a',
    filename: 'a',
  };
  const rpc = Object.entries(procedures).flatMap(([method, { params }]) =>
    params.map((param) => {
      const given = Object.fromEntries(params.filter((name) => name in usual).map((name) => [name, usual[name]]));
      const batch = runs.map((run, id) => ({ jsonrpc: '2.0', id, method, params: { ...given, [param]: run } }));
      return [`${method}(${param})`, [{ path: '/jsonrpc.php', authorization: basic, init: json(batch) }]] as const;
    }),
  );
  const odd = ['method', 'id', 'jsonrpc', 'params'].map((member) => {
    const batch = runs.map((run) => ({ jsonrpc: '2.0', id: 1, method: 'getVersion', [member]: run }));
    return [`JSON-RPC ${member}`, [{ path: '/jsonrpc.php', authorization: basic, init: json(batch) }]] as const;
  });
  const form = (path: string, name: string, beside: Record<string, string> = {}) =>
    runs.map((run) => ({ path, init: post(new URLSearchParams({ ...beside, [name]: run })) }));
  const cor = ['available', 'session_token', 'attachment_parent_id', 'status', 'created_from'].map((name) => {
    const requests = runs.map((run) => {
      const body = new FormData();
      body.set(name, run);
      body.set('file', new File(['a'], 'a.txt'));
      return { path: '/v1/tasks/1/attachments', init: post(body) };
    });
    return [`COR ${name}`, requests] as const;
  });
  const fields = [
    'action',
    'id_project',
    'id_task',
    'title',
    'text',
    'priority',
    'dateend',
    'email_user_to',
    'id_file',
    'hash',
  ];
  const worksection = fields.flatMap((name) => [
    [
      `Worksection ${name}`,
      form('/api/admin/v2/', name, { action: 'post_task', id_project: '1', title: 'a' }),
    ] as const,
    [
      `Worksection JSON ${name}`,
      runs.map((run) => ({
        path: '/api/admin/v2/',
        init: json({ action: 'post_task', id_project: 1, title: 'a', [name]: run }),
      })),
    ] as const,
  ]);
  const files = '/api/2.0/crm/contact/1/files';
  const onlyoffice = [
    ['ONLYOFFICE fileids', form(files, 'fileids')] as const,
    ['ONLYOFFICE JSON', runs.map((run) => ({ path: files, init: json({ fileids: [run], [run]: 1 }) }))] as const,
  ];
  await expectLinear(Object.fromEntries([...rpc, ...odd, ...cor, ...worksection, ...onlyoffice]));
});
