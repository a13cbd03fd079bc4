import { expect, test } from 'vitest';
import type {
  CorAttachmentFragment,
  CorCommentMutation,
  CorUploadMutation,
  UploadTaskFilesInput,
} from '../../generated/graphql.ts';
import { graphql } from '../../generated/index.ts';
import { ask, dataOf, executeWithFiles, type Part } from '../../support/client.ts';
import { subscribeToFileAdded } from '../../support/live.ts';
import { png } from '../../support/pictures.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { expectSince } from './moment.ts';
import { newColleague } from './person.ts';

/** COR's "Upload task attachments": each field of its form, and each member of its answer. */

graphql(`
  fragment CorAttachment on File {
    databaseId url name createdAt updatedAt size available contentType version status createdFrom
    createdBy { databaseId }
    versions { databaseId version }
    attachedTo { __typename ... on Task { databaseId } ... on Comment { databaseId task { databaseId } } }
  }
`);

const upload = graphql(`
  mutation CorUpload(
    $taskId: ID!, $files: [Upload!]!, $available: Boolean, $sessionToken: String, $parentId: ID, $status: FileStatus,
    $createdFrom: FileOrigin
  ) {
    uploadTaskFiles(input: {
      taskId: $taskId, files: $files, available: $available, sessionToken: $sessionToken, parentId: $parentId,
      status: $status, createdFrom: $createdFrom
    }) {
      files { id ...CorAttachment }
      filesCount
      task { files(include: COMMENTS) { totalCount } }
      errors { filename message }
    }
  }
`);

const comment = graphql(`
  mutation CorComment($taskId: ID!, $files: [Upload!]!) {
    createComment(input: { taskId: $taskId, body: "See here", files: $files }) {
      comment { databaseId }
      files { ...CorAttachment }
    }
  }
`);

const attachments = graphql(`
  query CorAttachments($taskId: ID!) {
    task(id: $taskId) { files(include: COMMENTS) { nodes { ...CorAttachment } } }
  }
`);

const finish = graphql(`
  mutation CorFinish($sessionToken: String!) {
    finishUploadSession(input: { sessionToken: $sessionToken }) { files { name } }
  }
`);

/** Members for which this server has no value. */
const unknown = {
  source: null,
  parent_id: null,
  token: null,
  company_id: null,
  task_log_reworks_id: null,
  graphics_count: null,
};

/** Maps a file to the 26 member names of COR. */
function attachmentOf(file: CorAttachmentFragment) {
  const [on] = file.attachedTo;
  return {
    id: file.databaseId,
    url: file.url,
    name: file.name,
    created_at: file.createdAt,
    updated_at: file.updatedAt,
    size: file.size,
    filename: file.name,
    available: file.available,
    item_id: on && 'databaseId' in on ? on.databaseId : null,
    originalname: file.name,
    attachment_parent_id: file.versions.find(({ version }) => version === file.version - 1)?.databaseId ?? null,
    file_type: file.contentType,
    discussions_id: on?.__typename === 'Comment' ? on.databaseId : null,
    user_id: file.createdBy.databaseId,
    type: on?.__typename.toLowerCase(),
    version: file.version,
    status: file.status?.toLowerCase() ?? null,
    task_log_id: on?.__typename === 'Comment' ? on.task.databaseId : on?.__typename === 'Task' ? on.databaseId : null,
    media_type: file.contentType.split('/')[0],
    created_from: file.createdFrom.toLowerCase(),
    ...unknown,
  };
}

type Form = Partial<Omit<UploadTaskFilesInput, 'files'>>;

async function send(server: TestServer, parts: Part[], { taskId = 'Task:1', ...form }: Form = {}, key?: string) {
  const sent = await executeWithFiles<CorUploadMutation>(server, upload, { taskId, ...form }, parts, key);
  return dataOf(sent).uploadTaskFiles;
}

const text = (name: string): Part => ({ name, content: `the content of ${name}` });

test('each of the 26 members of an attachment has its value', async () => {
  await using server = await startTestServer();
  const ada = await newColleague(server, 'Ada');
  const since = Date.now();
  const picture = png(5, 4);
  const { files, errors } = await send(
    server,
    [text('notes.txt'), { name: 'sketch.png', content: picture }],
    { taskId: 'Task:2', available: false, status: 'PENDING', createdFrom: 'REWORK' },
    ada.key,
  );
  const documented = files.map(attachmentOf);
  const common = {
    created_at: expect.any(String),
    updated_at: expect.any(String),
    source: null,
    available: false,
    item_id: 2,
    attachment_parent_id: null,
    discussions_id: null,
    user_id: ada.databaseId,
    parent_id: null,
    type: 'task',
    version: 1,
    status: 'pending',
    token: null,
    company_id: null,
    task_log_reworks_id: null,
    task_log_id: 2,
    graphics_count: null,
    created_from: 'rework',
  };
  expect(documented).toEqual([
    {
      ...common,
      id: 1,
      url: `${server.url}/files/1/content`,
      name: 'notes.txt',
      filename: 'notes.txt',
      originalname: 'notes.txt',
      size: 24,
      file_type: 'text/plain',
      media_type: 'text',
    },
    {
      ...common,
      id: 2,
      url: `${server.url}/files/2/content`,
      name: 'sketch.png',
      filename: 'sketch.png',
      originalname: 'sketch.png',
      size: picture.size,
      file_type: 'image/png',
      media_type: 'image',
    },
  ]);
  for (const attachment of documented) {
    expect(Object.keys(attachment)).toHaveLength(26);
    expectSince(since, attachment.created_at);
    expect(attachment.updated_at).toBe(attachment.created_at);
  }
  expect(errors).toEqual([]);
});

test('an upload without optional fields is available, has no status and is from the task panel', async () => {
  await using server = await startTestServer();
  const [file] = (await send(server, [text('a.txt')])).files.map(attachmentOf);
  expect(file).toMatchObject({ available: true, status: null, created_from: 'task_panel', version: 1 });
});

test.each([
  ['APPROVED', 'TASK_PANEL'],
  ['PENDING', 'REWORK'],
  ['REQUIRED', 'FEEDBACK'],
  [null, 'TASK_PANEL'],
] as const)('an uploaded file is listed with status %s and created_from %s', async (status, createdFrom) => {
  await using server = await startTestServer();
  await send(server, [text('a.txt')], { status, createdFrom });
  const [file] = (await ask(server, attachments, { taskId: 'Task:1' })).task?.files.nodes ?? [];
  expect(file && attachmentOf(file)).toMatchObject({
    status: status?.toLowerCase() ?? null,
    created_from: createdFrom.toLowerCase(),
  });
});

test('a file uploaded with attachment_parent_id replaces its parent in the list as its next version', async () => {
  await using server = await startTestServer();
  const [first] = (await send(server, [text('draft.txt')])).files;
  const { files, filesCount } = await send(server, [text('better.txt')], { parentId: first?.id ?? '' });
  expect(files.map(attachmentOf)).toMatchObject([
    { id: 2, name: 'better.txt', version: 2, attachment_parent_id: 1, item_id: 1 },
  ]);
  expect(filesCount).toBe(1);
  const listed = (await ask(server, attachments, { taskId: 'Task:1' })).task?.files.nodes.map(attachmentOf);
  expect(listed).toEqual(files.map(attachmentOf));
});

test('an attachment of a comment has the id of the comment and of its task', async () => {
  await using server = await startTestServer();
  const sent = await executeWithFiles<CorCommentMutation>(server, comment, { taskId: 'Task:1' }, [text('a.txt')]);
  const { createComment } = dataOf(sent);
  expect(createComment.comment.databaseId).toBe(2);
  expect(createComment.files.map(attachmentOf)).toMatchObject([
    { discussions_id: 2, item_id: 2, type: 'comment', task_log_id: 1 },
  ]);
});

test('filesCount counts the files of the task alone, and totalCount those of its comments as well', async () => {
  await using server = await startTestServer();
  await send(server, [text('a.txt'), text('b.txt')]);
  dataOf(await executeWithFiles(server, comment, { taskId: 'Task:1' }, [text('c.txt')]));
  await send(server, [text('other.txt')], { taskId: 'Task:2' });
  const { filesCount, task } = await send(server, [text('d.txt')]);
  expect({ filesCount, total: task.files.totalCount }).toEqual({ filesCount: 3, total: 4 });
});

test('files above MAX_FILE_SIZE or with a refused extension are listed in `errors`; the others are stored', async () => {
  await using server = await startTestServer({ MAX_FILE_SIZE: '30', REFUSED_EXTENSIONS: 'exe' });
  const { files, filesCount, errors } = await send(server, [
    { name: 'large.txt', content: 'x'.repeat(31) },
    text('good.txt'),
    { name: 'game.exe', content: 'x' },
  ]);
  expect(files.map(attachmentOf)).toMatchObject([{ name: 'good.txt', item_id: 1 }]);
  expect(filesCount).toBe(1);
  expect(errors).toEqual([
    { filename: 'large.txt', message: expect.stringMatching(/30/) },
    { filename: 'game.exe', message: expect.stringMatching(/exe/) },
  ]);
});

test('files uploaded with a sessionToken emit their events when the session is finished', async () => {
  await using server = await startTestServer();
  await using listener = await subscribeToFileAdded(server, 'Task:1');
  const sessionToken = 'of one go';
  await send(server, [text('one.txt')], { sessionToken });
  await send(server, [text('two.txt')], { sessionToken });
  await send(server, [text('at once.txt')]);
  expect((await listener.next()).file.name).toBe('at once.txt');
  const finished = (await ask(server, finish, { sessionToken })).finishUploadSession;
  expect(finished.files).toEqual([{ name: 'one.txt' }, { name: 'two.txt' }]);
  expect((await listener.next()).file.name).toBe('one.txt');
  expect((await listener.next()).file.name).toBe('two.txt');
});

test('an unknown key or task is rejected, and no file is stored', async () => {
  await using server = await startTestServer();
  const codeOf = async (taskId: string, key?: string) =>
    (await executeWithFiles(server, upload, { taskId }, [text('a.txt')], key)).errors?.[0]?.extensions.code;
  expect(await codeOf('Task:1', 'no-key')).toBe('UNAUTHENTICATED');
  expect(await codeOf('Task:77')).toBe('NOT_FOUND');
  expect((await server.stored()).blobs).toEqual([]);
});
