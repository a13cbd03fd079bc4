import { attachFiles } from '../attachments/attach.ts';
import { attachmentsOn } from '../attachments/read.ts';
import { type AttachableRef, entityTypes, type Task } from '../database/entities/index.ts';
import { BadInput } from '../errors.ts';
import { type Entity, reachOne, refOf } from '../workspace/attachable.ts';
import { edgeOf } from './attachable.ts';
import { builder } from './builder.ts';
import type { GraphQLContext } from './context.ts';
import { FileEdge } from './file.ts';
import { attachableOf, idOf } from './ids.ts';
import { EntityInterface, FileNode, TaskNode } from './refs.ts';
import { countField, edgesField, filesField } from './upload.ts';

/** How many files one call may attach. */
const MAX_ATTACHED = 1000;

const fileIds = { required: true, description: 'Files that you may see, as in `File:1`; 1 to 1,000 of them.' } as const;

async function attach(context: GraphQLContext, on: AttachableRef, ids: readonly string[]) {
  if (ids.length === 0) throw new BadInput('Give at least one file id.');
  if (ids.length > MAX_ATTACHED) throw new BadInput(`Attach at most ${MAX_ATTACHED} files at once.`);
  const added = await attachFiles(
    context,
    on,
    ids.map((id) => idOf('File', id)),
  );
  return { ...added, row: (await reachOne(context, on)).row };
}

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
    description:
      'Attaches stored files to a task: all of them, or none and NOT_FOUND that names every bad id. One that hangs there already stays.',
    resolve: async (_root, { input }, context) => {
      const attached = await attach(context, { type: 'Task', id: idOf('Task', input.taskId) }, input.fileIds);
      return { ...attached, task: attached.row as Task };
    },
  },
  {
    description: 'What hangs on the task now.',
    outputFields: (t) => ({
      task: t.field({ type: TaskNode, description: 'Where they hang.', resolve: (payload) => payload.task }),
      files: t.field({ type: [FileNode], description: filesField, resolve: (payload) => payload.files }),
      fileEdges: t.field({
        type: [FileEdge],
        description: edgesField,
        resolve: (payload) => payload.attachments.map(edgeOf),
      }),
      filesCount: t.int({
        description: countField,
        resolve: (payload, _args, context) => attachmentsOn(context, refOf(payload.task)).count(),
      }),
    }),
  },
);

builder.relayMutationField(
  'attachEntityFiles',
  {
    description: 'Stored files for a contact, an opportunity or a case.',
    inputFields: (t) => ({
      entityId: t.id({ required: true, description: 'As in `Contact:1`, `Opportunity:1` or `Case:1`.' }),
      fileIds: t.idList(fileIds),
    }),
  },
  {
    description:
      'Attaches stored files to an entity: all of them, or none and NOT_FOUND that names every bad id. One that hangs there already stays.',
    resolve: async (_root, { input }, context) => {
      const attached = await attach(context, attachableOf(input.entityId, entityTypes), input.fileIds);
      return { ...attached, entity: attached.row as Entity };
    },
  },
  {
    description: 'What hangs on the entity now.',
    outputFields: (t) => ({
      entity: t.field({ type: EntityInterface, description: 'Where they hang.', resolve: (payload) => payload.entity }),
      files: t.field({ type: [FileNode], description: filesField, resolve: (payload) => payload.files }),
      fileEdges: t.field({
        type: [FileEdge],
        description: edgesField,
        resolve: (payload) => payload.attachments.map(edgeOf),
      }),
      filesCount: t.int({
        description: countField,
        resolve: (payload, _args, context) => attachmentsOn(context, refOf(payload.entity)).count(),
      }),
    }),
  },
);
