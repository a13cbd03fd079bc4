import type { Comment } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { canEditComment, comments, createComment, updateComment } from '../../workspace/comments.ts';
import { accessOf } from '../access-loader.ts';
import { builder } from '../builder.ts';
import { connect, toCursor } from '../connection.ts';
import type { GraphQLContext } from '../context.ts';
import { deleteMutation } from '../delete-mutation.ts';
import { uploadPayloadInterfaces } from '../files/files-payload.ts';
import { idOf } from '../ids.ts';
import { AttachableInterface, CommentNode, TaskNode, UserNode } from '../refs.ts';
import { attachedFilesFields, createWithParts } from '../uploads/upload.ts';
import { nonBlankText } from '../validators.ts';

async function canChange({ id }: Row<Comment>, context: GraphQLContext): Promise<boolean> {
  const reached = await accessOf({ type: 'Comment', id }, context);
  return reached !== undefined && canEditComment(context, reached);
}

builder.objectType(CommentNode, {
  description: 'A comment on a task.',
  interfaces: [AttachableInterface],
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The numeric part of `id`, as in `1`.' }),
    body: t.exposeString('body', { description: 'Text of the comment.' }),
    task: t.field({
      type: TaskNode,
      description: 'The task that the comment belongs to.',
      resolve: (comment) => comment.task.id,
    }),
    createdBy: t.field({
      type: UserNode,
      description: 'The user who wrote the comment.',
      resolve: (comment) => comment.createdBy.id,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
    canEdit: t.boolean({
      description:
        'Whether you may change the comment: you own the project, or you wrote the comment and may edit the ' +
        'project.',
      resolve: (comment, _args, context) => canChange(comment, context),
    }),
    canDelete: t.boolean({
      description:
        'Whether you may delete the comment: you own the project, or you wrote the comment and may edit the ' +
        'project.',
      resolve: (comment, _args, context) => canChange(comment, context),
    }),
  }),
});

const CommentEdge = builder.edgeObject({ name: 'CommentEdge', description: 'A comment in a list.', type: CommentNode });

builder.objectField(TaskNode, 'comments', (t) =>
  t.connection(
    {
      type: CommentNode,
      description: 'Comments on the task, oldest first.',
      resolve: (task, args, context) => connect(context, comments(context, task), args, (comment) => comment.id),
    },
    { name: 'CommentConnection', description: 'A page of comments.' },
    CommentEdge,
  ),
);

uploadPayloadInterfaces(
  builder.relayMutationField(
    'createComment',
    {
      description: 'The comment to create.',
      inputFields: (t) => ({
        taskId: t.id({ required: true, description: 'Id of the task to comment on, as in `Task:1`.' }),
        body: t.string({
          required: true,
          validate: nonBlankText,
          description: 'Text of the comment, 1 to 100,000 characters.',
        }),
        ...attachedFilesFields(t),
      }),
    },
    {
      description: 'Adds a comment to a task. FORBIDDEN when you may see the project but not edit it.',
      resolve: (_root, { input }, context) => {
        const taskId = idOf('Task', input.taskId);
        const fields = { taskId, body: input.body };
        return createWithParts(context, {
          ...input,
          request: ['createComment', fields],
          parent: { type: 'Task', id: taskId },
          create: (ctx) => createComment(ctx, fields),
        });
      },
    },
    {
      description: 'The created comment.',
      outputFields: (t) => ({
        comment: t.field({ type: CommentNode, description: 'The created comment.', resolve: ({ row }) => row }),
        commentEdge: t.field({
          type: CommentEdge,
          description: 'The same as an edge of the list of comments, so that a client can add it to its cache.',
          resolve: ({ row }) => ({ cursor: toCursor(row.id), node: row }),
        }),
      }),
    },
  ),
);

builder.relayMutationField(
  'updateComment',
  {
    description: 'Changes to a comment.',
    inputFields: (t) => ({
      commentId: t.id({ required: true, description: 'Id of the comment, as in `Comment:1`.' }),
      body: t.string({
        required: true,
        validate: nonBlankText,
        description: 'Text of the comment, 1 to 100,000 characters.',
      }),
    }),
  },
  {
    description: 'Changes the text of a comment. For its author and owners of the project.',
    resolve: async (_root, { input }, context) => ({
      comment: await updateComment(context, idOf('Comment', input.commentId), input.body),
    }),
  },
  {
    description: 'The changed comment.',
    outputFields: (t) => ({
      comment: t.field({
        type: CommentNode,
        description: 'The comment after the change.',
        resolve: ({ comment }) => comment,
      }),
    }),
  },
);

deleteMutation(
  'Comment',
  'Deletes a comment that you wrote, or any comment of a project that you own. Its files that are attached to nothing else are removed.',
);
