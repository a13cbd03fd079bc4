import { type AttachResult, attachFiles } from '../../attachments/attach-files.ts';
import type { AttachableRef, EntityType } from '../../database/entities/index.ts';
import { BadUserInputError } from '../../errors.ts';
import { type Entity, entityTypes, loadAttachable } from '../../workspace/attachable.ts';
import { recordHistory } from '../../workspace/history.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { attachableOf, idOf } from '../ids.ts';
import { CommentNode, EntityInterface, HistoryEventNode, ProjectNode, TaskNode } from '../refs.ts';
import { AttachedFiles, payloadInterfaces } from './files-payload.ts';

/** How many files one call may take. */
const MAX_FILES = 1000;

export const fileIds = {
  required: true,
  description: 'Files that you may see, as in `File:1`; 1 to 1,000 of them.',
} as const;
const promise = 'all of them, or none and NOT_FOUND that names every bad id. One that hangs there already stays.';
const payload = { description: 'What hangs there now.' };
const answersFiles = payloadInterfaces(AttachedFiles);
const where = 'Where they hang.';

export function idsOf(ids: readonly string[]): number[] {
  if (ids.length === 0) throw new BadUserInputError('Give at least one file id.');
  if (ids.length > MAX_FILES) throw new BadUserInputError(`Give at most ${MAX_FILES} files at once.`);
  return ids.map((id) => idOf('File', id));
}

async function attach(
  context: GraphQLContext,
  on: AttachableRef,
  ids: readonly string[],
): Promise<AttachResult & { on: AttachableRef }> {
  return { ...(await attachFiles(context, on, idsOf(ids))), on };
}

export async function rowOf(context: GraphQLContext, ref: AttachableRef) {
  return (await loadAttachable(context, ref)).row;
}

answersFiles(
  builder.relayMutationField(
    'attachTaskFiles',
    {
      description: 'Stored files for a task.',
      inputFields: (t) => ({
        taskId: t.id({ required: true, description: 'As in `Task:1`.' }),
        fileIds: t.idList(fileIds),
      }),
    },
    {
      description: `Attaches stored files to a task: ${promise}`,
      resolve: (_root, { input }, context) =>
        attach(context, { type: 'Task', id: idOf('Task', input.taskId) }, input.fileIds),
    },
    {
      ...payload,
      outputFields: (t) => ({ task: t.field({ type: TaskNode, description: where, resolve: ({ on }) => on.id }) }),
    },
  ),
);

answersFiles(
  builder.relayMutationField(
    'attachProjectFiles',
    {
      description: 'Stored files for a project.',
      inputFields: (t) => ({
        projectId: t.id({ required: true, description: 'As in `Project:1`.' }),
        fileIds: t.idList(fileIds),
      }),
    },
    {
      description: `Attaches stored files to a project: ${promise}`,
      resolve: (_root, { input }, context) =>
        attach(context, { type: 'Project', id: idOf('Project', input.projectId) }, input.fileIds),
    },
    {
      ...payload,
      outputFields: (t) => ({
        project: t.field({ type: ProjectNode, description: where, resolve: ({ on }) => on.id }),
      }),
    },
  ),
);

answersFiles(
  builder.relayMutationField(
    'attachCommentFiles',
    {
      description: 'Stored files for a comment.',
      inputFields: (t) => ({
        commentId: t.id({ required: true, description: 'As in `Comment:1`.' }),
        fileIds: t.idList(fileIds),
      }),
    },
    {
      description: `Attaches stored files to a comment: ${promise}`,
      resolve: (_root, { input }, context) =>
        attach(context, { type: 'Comment', id: idOf('Comment', input.commentId) }, input.fileIds),
    },
    {
      ...payload,
      outputFields: (t) => ({
        comment: t.field({ type: CommentNode, description: where, resolve: ({ on }) => on.id }),
      }),
    },
  ),
);

answersFiles(
  builder.relayMutationField(
    'attachEntityFiles',
    {
      description: 'Stored files for a contact, an opportunity or a case.',
      inputFields: (t) => ({
        entityId: t.id({ required: true, description: 'As in `Contact:1`, `Opportunity:1` or `Case:1`.' }),
        fileIds: t.idList(fileIds),
        content: t.string({ description: 'What to say of it in the history.' }),
        categoryId: t.id({ description: 'What kind of event it is, as in `Category:1`.' }),
      }),
    },
    {
      description: `Attaches stored files to an entity: ${promise} The entity's history tells of it.`,
      resolve: async (_root, { input }, context) => {
        const on = attachableOf(input.entityId, entityTypes);
        const attached = await attachFiles(context, on, idsOf(input.fileIds), (tx, { files }) =>
          recordHistory(tx, {
            entity: { type: on.type as EntityType, id: on.id },
            content: input.content ?? '',
            categoryId: input.categoryId == null ? null : idOf('Category', input.categoryId),
            files,
          }),
        );
        return { ...attached, on };
      },
    },
    {
      ...payload,
      outputFields: (t) => ({
        entity: t.field({
          type: EntityInterface,
          description: where,
          resolve: async ({ on }, _args, context) => (await rowOf(context, on)) as Entity,
        }),
        historyEvent: t.field({
          type: HistoryEventNode,
          nullable: true,
          description: 'What the history of the entity now says of it.',
          resolve: ({ result }) => result,
        }),
      }),
    },
  ),
);
