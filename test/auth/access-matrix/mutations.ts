import { createUploadToken } from '../../sharing/guests.ts';
import { createShareLink } from '../../sharing/share-guests.ts';
import { ask } from '../../support/client.ts';
import { addProjectMember, newKey } from '../../support/people.ts';
import type { Right } from './rights.ts';
import { PROJECT, type World } from './world.ts';

/** A mutation of the schema, on what belongs to Alice. */
export interface MutationCase {
  right: Right;
  /** Its input, for objects that are made for one request. */
  input(world: World): Promise<Record<string, unknown>>;
  /** Names the case when a mutation has several. */
  about?: string;
  /** Whether it is refused without files, which only multipart sends. */
  needsFiles?: boolean;
  /** The code for everyone who may do it: the server of the tests stores files in a folder. */
  always?: string;
}

const of = (right: Right, input: MutationCase['input'], more: Partial<MutationCase> = {}): MutationCase => ({
  right,
  input,
  ...more,
});

const files = [{ name: 'b.txt', content: 'b' }];
const blob = 'YQ==';
const sha256 = '0'.repeat(64);
const isSent = { filename: 'a', size: 1, sha256 };
const byParts = { needsFiles: true };
const onFolder = { always: 'BAD_USER_INPUT' };

const session = async (server: World['server'], key: string) => {
  type Made = { startUploadSession: { sessionToken: string } };
  const query = 'mutation { startUploadSession(input: {}) { sessionToken } }';
  return (await ask<Made>(server, query, {}, key)).startUploadSession.sessionToken;
};
const member = async (world: World) => {
  const projectId = await world.project();
  const { id: userId } = await world.person();
  await ask(world.server, addProjectMember, { input: { projectId, userId, role: 'VIEWER' } });
  return { projectId, userId };
};
const fileOnTask = async (world: World) => {
  const taskId = await world.task();
  return { taskId, fileId: (await world.file(taskId)).id };
};
const category = async ({ server }: World) => {
  type Made = { createCategory: { category: { id: string } } };
  const query = 'mutation { createCategory(input: { title: "C" }) { category { id } } }';
  return (await ask<Made>(server, query)).createCategory.category.id;
};

/**
 * Every mutation of the schema; `files` of an input are sent as parts by multipart, and left empty
 * elsewhere. Attaching takes a file of the project to another place of it.
 */
export const mutations: Readonly<Record<string, MutationCase | MutationCase[]>> = {
  // Projects, tasks and comments.
  createProject: of('write', async () => ({ title: 'P', files })),
  updateProject: [
    of('manage', async (world) => ({ projectId: await world.project(), title: 'Q' })),
    of('quota', async (world) => ({ projectId: await world.project(), maxFiles: 10 }), { about: 'quota' }),
  ],
  deleteProject: of('manage', async (world) => ({ projectId: await world.project() })),
  addProjectMember: of('manage', async (world) => ({
    projectId: await world.project(),
    userId: (await world.person()).id,
  })),
  updateProjectMember: of('manage', async (world) => ({ ...(await member(world)), role: 'EDITOR' })),
  removeProjectMember: of('manage', member),
  createTask: of('edit', async () => ({ projectId: PROJECT, title: 'T', files })),
  updateTask: of('edit', async (world) => ({ taskId: await world.task(), title: 'U' })),
  deleteTask: of('edit', async (world) => ({ taskId: await world.task() })),
  createComment: of('edit', async (world) => ({ taskId: await world.task(), body: 'C', files })),
  updateComment: of('manage', async (world) => ({ commentId: await world.comment(), body: 'D' })),
  deleteComment: of('manage', async (world) => ({ commentId: await world.comment() })),

  // Entities.
  createContact: of('write', async () => ({ displayName: 'C' })),
  createOpportunity: of('write', async () => ({ title: 'O' })),
  createCase: of('write', async () => ({ title: 'C' })),
  updateContact: [
    of('edit', async (world) => ({ contactId: await world.entity('Contact'), displayName: 'D' })),
    of('manage', async (world) => ({ contactId: await world.entity('Contact'), accessList: [] }), { about: 'access' }),
  ],
  updateOpportunity: [
    of('edit', async (world) => ({ opportunityId: await world.entity('Opportunity'), title: 'D' })),
    of('manage', async (world) => ({ opportunityId: await world.entity('Opportunity'), isPrivate: false }), {
      about: 'access',
    }),
  ],
  updateCase: [
    of('edit', async (world) => ({ caseId: await world.entity('Case'), title: 'D' })),
    of('manage', async (world) => ({ caseId: await world.entity('Case'), isPrivate: false }), { about: 'access' }),
  ],
  deleteContact: of('manage', async (world) => ({ contactId: await world.entity('Contact') })),
  deleteOpportunity: of('manage', async (world) => ({ opportunityId: await world.entity('Opportunity') })),
  deleteCase: of('manage', async (world) => ({ caseId: await world.entity('Case') })),
  createCategory: of('admin', async () => ({ title: 'C' })),
  updateCategory: of('admin', async (world) => ({ categoryId: await category(world), title: 'D' })),
  deleteCategory: of('admin', async (world) => ({ categoryId: await category(world) })),

  // Files.
  uploadFiles: of('write', async () => ({ files }), byParts),
  uploadTaskFiles: [
    of('edit', async (world) => ({ taskId: await world.task(), files }), byParts),
    of(
      'edit',
      async (world) => {
        const { taskId, fileId } = await fileOnTask(world);
        return { taskId, parentId: fileId, files };
      },
      { about: 'next version', ...byParts },
    ),
  ],
  uploadProjectFiles: of('edit', async () => ({ projectId: PROJECT, files }), byParts),
  uploadCommentFiles: of('edit', async (world) => ({ commentId: await world.comment(), files }), byParts),
  uploadEntityFiles: of('edit', async (world) => ({ entityId: await world.entity(), files }), byParts),
  createTaskFile: of('edit', async (world) => ({ taskId: await world.task(), filename: 'a', blob })),
  attachTaskFiles: of('edit', async (world) => ({
    taskId: await world.task(),
    fileIds: [(await world.file()).id],
  })),
  attachProjectFiles: of('edit', async (world) => ({ projectId: PROJECT, fileIds: [(await world.file()).id] })),
  attachCommentFiles: of('edit', async (world) => ({
    commentId: await world.comment(),
    fileIds: [(await world.file()).id],
  })),
  attachEntityFiles: of('edit', async (world) => ({
    entityId: await world.entity(),
    fileIds: [(await world.file()).id],
  })),
  detachFiles: of('edit', async (world) => {
    const { taskId, fileId } = await fileOnTask(world);
    return { from: taskId, fileIds: [fileId] };
  }),
  moveFiles: of('edit', async (world) => {
    const { taskId, fileId } = await fileOnTask(world);
    return { from: taskId, to: await world.task(), fileIds: [fileId] };
  }),
  updateFile: [
    of('edit', async (world) => ({ fileId: (await world.file()).id, name: 'c.png' })),
    of('edit', async (world) => ({ fileId: (await world.file()).id, status: 'APPROVED' }), { about: 'review' }),
  ],
  removeFile: of('edit', async (world) => ({ fileId: (await world.file()).id })),
  removeAllTaskFiles: of('edit', async (world) => ({ taskId: (await fileOnTask(world)).taskId })),
  createUploadUrl: of('write', async (world) => ({ ...isSent, on: await world.task() }), onFolder),
  completeUpload: of('write', async (world) => ({ uploadId: (await world.upload()).split(':')[1] }), onFolder),
  cancelUpload: of('account', async (world) => ({ uploadId: await world.upload() })),
  startUploadSession: of('write', async () => ({})),
  finishUploadSession: of('foreign', async ({ server, alice }) => ({ sessionToken: await session(server, alice.key) })),

  // Guests.
  createUploadToken: of('edit', async (world) => ({ on: await world.task(), expiresIn: 3600 })),
  createShareLink: [
    of('edit', async (world) => ({ on: await world.task(), expiresIn: 3600 })),
    of('edit', async (world) => ({ fileId: (await world.file()).id, expiresIn: 3600 }), { about: 'file' }),
  ],
  revokeUploadToken: of('revoke', async ({ server, alice }) => ({
    uploadTokenId: (await createUploadToken(server, {}, alice.key)).id,
  })),
  revokeShareLink: of('revoke', async ({ server, alice }) => ({
    shareLinkId: (await createShareLink(server, {}, alice.key)).id,
  })),
  uploadWithToken: of('upload', async () => ({ files }), byParts),
  createUploadUrlWithToken: of('upload', async () => isSent, onFolder),
  completeUploadWithToken: of('upload', async () => ({ uploadId: '00000000-0000-4000-8000-000000000000' }), onFolder),

  // Users.
  createUser: of('admin', async () => ({ displayName: 'U' })),
  updateUser: of('admin', async (world) => ({ userId: (await world.person()).id, title: 'x' })),
  disableUser: of('admin', async (world) => ({ userId: (await world.person()).id })),
  enableUser: of('admin', async (world) => ({ userId: (await world.person()).id })),
  removeUser: of('admin', async (world) => ({ userId: (await world.person()).id })),
  createApiKey: of('admin', async (world) => ({ userId: (await world.person()).id, name: 'k', scope: 'READ' })),
  revokeApiKey: of('account', async (world) => ({
    apiKeyId: (await newKey(world.server, (await world.person()).id, 'READ')).keyId,
  })),
};
