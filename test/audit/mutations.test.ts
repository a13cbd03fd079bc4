import { expect, test } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { begin } from '../http/tus/client.ts';
import { auditEntries } from '../support/audit.ts';
import { ask } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/**
 * Each mutation of the schema either writes the listed actions to the audit log when it runs, or is
 * listed with the reason why it writes none. A new mutation fails the test until it is decided.
 */

/** Mutations without an entry. */
const unaudited: Record<string, string> = {
  createComment: 'adds content; its files are audited by themselves',
  createTask: 'adds content; its files are audited by themselves',
  createUploadUrl: 'adds nothing: completeUpload adds the file',
  createUploadUrlWithToken: 'adds nothing: completeUploadWithToken adds the file',
  startUploadSession: 'only defers announcements',
  finishUploadSession: 'only announces',
  updateComment: 'changes content, and no permission',
  updateTask: 'changes content, and no permission',
};

/** Mutations that cannot run here, and what their entry is written by. */
const elsewhere: Record<string, string> = {
  completeUpload: 'needs S3, and adds its file with the same function as uploadFiles',
  completeUploadWithToken: 'the same, for guests',
  uploadWithToken: 'needs an upload token, and adds its files with the same function as uploadTaskFiles',
};

type Run = (server: TestServer) => Promise<unknown>;

/** A mutation by its text: what is in the parentheses of `input`, and its selection. */
const run =
  (name: string, input: string, selection = '__typename'): Run =>
  (server) =>
    ask(server, `mutation { ${name}(input: { ${input} }) { ${selection} } }`);

/** Mutations in the order in which they run, with the actions that they write, newest first. */
const audited: [name: string, run: Run, actions: string[]][] = [
  ['createUser', run('createUser', 'displayName: "Bob"'), ['USER_CREATED']],
  ['updateUser', run('updateUser', 'userId: "User:2", title: "x"'), ['USER_UPDATED']],
  ['createApiKey', run('createApiKey', 'userId: "User:2", name: "x"'), ['API_KEY_CREATED']],
  ['revokeApiKey', run('revokeApiKey', 'apiKeyId: "ApiKey:2"'), ['API_KEY_REVOKED']],
  ['disableUser', run('disableUser', 'userId: "User:2"'), ['USER_DISABLED']],
  ['enableUser', run('enableUser', 'userId: "User:2"'), ['USER_ENABLED']],
  ['createProject', run('createProject', 'title: "P"'), ['PROJECT_CREATED']],
  [
    'updateProject',
    run('updateProject', 'projectId: "Project:2", title: "Q", maxFiles: 100'),
    ['PROJECT_QUOTA_CHANGED', 'PROJECT_UPDATED'],
  ],
  ['addProjectMember', run('addProjectMember', 'projectId: "Project:2", userId: "User:2"'), ['MEMBER_ADDED']],
  [
    'updateProjectMember',
    run('updateProjectMember', 'projectId: "Project:2", userId: "User:2", role: VIEWER'),
    ['MEMBER_UPDATED'],
  ],
  ['removeProjectMember', run('removeProjectMember', 'projectId: "Project:2", userId: "User:2"'), ['MEMBER_REMOVED']],
  ['createCategory', run('createCategory', 'title: "C"'), ['CATEGORY_CREATED']],
  ['updateCategory', run('updateCategory', 'categoryId: "Category:1", title: "D"'), ['CATEGORY_UPDATED']],
  ['deleteCategory', run('deleteCategory', 'categoryId: "Category:1"'), ['CATEGORY_DELETED']],
  ['createContact', run('createContact', 'displayName: "C", isPrivate: true'), ['ENTITY_ACCESS_CHANGED']],
  ['updateContact', run('updateContact', 'contactId: "Contact:2", shareType: READ'), ['ENTITY_ACCESS_CHANGED']],
  ['createOpportunity', run('createOpportunity', 'title: "O", isPrivate: true'), ['ENTITY_ACCESS_CHANGED']],
  [
    'updateOpportunity',
    run('updateOpportunity', 'opportunityId: "Opportunity:2", accessList: []'),
    ['ENTITY_ACCESS_CHANGED'],
  ],
  ['createCase', run('createCase', 'title: "C", isPrivate: true'), ['ENTITY_ACCESS_CHANGED']],
  ['updateCase', run('updateCase', 'caseId: "Case:2", isPrivate: false'), ['ENTITY_ACCESS_CHANGED']],
  ['uploadFiles', (server) => uploadFile(server, null, '1'), ['FILE_UPLOADED']],
  ['uploadTaskFiles', (server) => uploadFile(server, 'Task:1', '2'), ['FILE_UPLOADED']],
  ['uploadProjectFiles', (server) => uploadFile(server, 'Project:1', '3'), ['FILE_UPLOADED']],
  [
    'uploadCommentFiles',
    async (server) => {
      await run('createComment', 'taskId: "Task:1", body: "x"')(server);
      return uploadFile(server, 'Comment:1', '4');
    },
    ['FILE_UPLOADED'],
  ],
  ['uploadEntityFiles', (server) => uploadFile(server, 'Contact:1', '5'), ['FILE_UPLOADED']],
  ['createTaskFile', run('createTaskFile', 'taskId: "Task:1", filename: "6", blob: "Ng=="'), ['FILE_UPLOADED']],
  ['attachTaskFiles', run('attachTaskFiles', 'taskId: "Task:1", fileIds: ["File:1"]'), ['FILE_ATTACHED']],
  ['attachProjectFiles', run('attachProjectFiles', 'projectId: "Project:1", fileIds: ["File:1"]'), ['FILE_ATTACHED']],
  ['attachCommentFiles', run('attachCommentFiles', 'commentId: "Comment:1", fileIds: ["File:1"]'), ['FILE_ATTACHED']],
  ['attachEntityFiles', run('attachEntityFiles', 'entityId: "Contact:1", fileIds: ["File:1"]'), ['FILE_ATTACHED']],
  [
    'createUploadToken',
    run('createUploadToken', 'on: "Task:1", expiresIn: 3600, maxFiles: 1, maxBytes: 1'),
    ['UPLOAD_TOKEN_CREATED'],
  ],
  ['revokeUploadToken', run('revokeUploadToken', 'uploadTokenId: "UploadToken:1"'), ['UPLOAD_TOKEN_REVOKED']],
  ['createShareLink', run('createShareLink', 'on: "Task:1", expiresIn: 3600'), ['SHARE_LINK_CREATED']],
  ['revokeShareLink', run('revokeShareLink', 'shareLinkId: "ShareLink:1"'), ['SHARE_LINK_REVOKED']],
  [
    'cancelUpload',
    async (server) => {
      const path = await begin(server, 1000);
      return run('cancelUpload', `uploadId: "${path.split('/').at(-1)}"`)(server);
    },
    ['UPLOAD_CANCELLED'],
  ],
  ['detachFiles', run('detachFiles', 'from: "Contact:1", fileIds: ["File:1"]'), ['FILE_DETACHED']],
  ['moveFiles', run('moveFiles', 'from: "Comment:1", to: "Contact:1", fileIds: ["File:1"]'), ['FILE_MOVED']],
  [
    'updateFile',
    run('updateFile', 'fileId: "File:2", name: "new", status: APPROVED'),
    ['FILE_UPDATED', 'FILE_REVIEWED'],
  ],
  ['removeFile', run('removeFile', 'fileId: "File:2"'), ['FILE_REMOVED']],
  // An administrator's removal takes the files that are attached to nothing else.
  ['removeAllTaskFiles', run('removeAllTaskFiles', 'taskId: "Task:1"'), ['FILE_REMOVED', 'FILE_DETACHED']],
  ['deleteComment', run('deleteComment', 'commentId: "Comment:1"'), ['COMMENT_DELETED', 'FILE_REMOVED']],
  ['deleteTask', run('deleteTask', 'taskId: "Task:1"'), ['TASK_DELETED']],
  ['deleteProject', run('deleteProject', 'projectId: "Project:2"'), ['PROJECT_DELETED']],
  ['deleteContact', run('deleteContact', 'contactId: "Contact:2"'), ['ENTITY_DELETED']],
  ['deleteOpportunity', run('deleteOpportunity', 'opportunityId: "Opportunity:2"'), ['ENTITY_DELETED']],
  ['deleteCase', run('deleteCase', 'caseId: "Case:2"'), ['ENTITY_DELETED']],
  ['removeUser', run('removeUser', 'userId: "User:2", erase: true'), ['USER_ERASED', 'USER_REMOVED']],
];

test('every mutation of the schema writes to the audit log, or is on a list with the reason why not', async () => {
  const decided = [...Object.keys(unaudited), ...Object.keys(elsewhere), ...audited.map(([name]) => name)];
  expect(decided.sort()).toEqual(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort());

  await using server = await startTestServer();
  let [known] = await auditEntries(server, {}, 1);
  const written: [string, string[]][] = [];
  for (const [name, mutate] of audited) {
    await mutate(server);
    const entries = await auditEntries(server);
    const added = entries.slice(
      0,
      entries.findIndex(({ id }) => id === known?.id),
    );
    written.push([name, added.map(({ action }) => action)]);
    for (const entry of added)
      expect(entry).toMatchObject({
        actor: { id: 'User:1' },
        apiKeyId: 'ApiKey:1',
        via: 'REQUEST',
        address: '127.0.0.1',
      });
    known = entries[0];
  }
  expect(written).toEqual(audited.map(([name, , actions]) => [name, actions]));
});
