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
  description: 'Ids of 1 to 1,000 files that you may see, as in `File:1`.',
} as const;
const promise =
  'all of them, or none and a NOT_FOUND error that names every id that was not found. A file that is attached there already stays attached.';
const payload = { description: 'The attached files.' };
const answersFiles = payloadInterfaces(AttachedFiles);
const where = 'The attachable that the files are attached to.';

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
      description: 'The files to attach to a task.',
      inputFields: (t) => ({
        taskId: t.id({ required: true, description: 'Id of the task, as in `Task:1`.' }),
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
      description: 'The files to attach to a project.',
      inputFields: (t) => ({
        projectId: t.id({ required: true, description: 'Id of the project, as in `Project:1`.' }),
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
      description: 'The files to attach to a comment.',
      inputFields: (t) => ({
        commentId: t.id({ required: true, description: 'Id of the comment, as in `Comment:1`.' }),
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
      description: 'The files to attach to a contact, an opportunity or a case.',
      inputFields: (t) => ({
        entityId: t.id({
          required: true,
          description: 'Id of the entity, as in `Contact:1`, `Opportunity:1` or `Case:1`.',
        }),
        fileIds: t.idList(fileIds),
        content: t.string({ description: 'Text of the history event; an empty string when omitted.' }),
        categoryId: t.id({ description: 'Category of the history event, as in `Category:1`.' }),
      }),
    },
    {
      description: `Attaches stored files to an entity: ${promise} Adds an event to the history of the entity.`,
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
          description: 'The event that was added to the history of the entity.',
          resolve: ({ result }) => result,
        }),
      }),
    },
  ),
);
