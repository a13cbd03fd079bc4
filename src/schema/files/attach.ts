import { attachFiles } from '../../attachments/attach-files.ts';
import type { AttachableRef, EntityRef } from '../../database/entities/index.ts';
import { BadUserInputError } from '../../errors.ts';
import { loadAttachable } from '../../workspace/attachable.ts';
import { recordHistory } from '../../workspace/history.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { idOf } from '../ids.ts';
import { HistoryEventNode } from '../refs.ts';
import { type AttachTarget, entityTarget, targetsInProjects } from './attach-target.ts';
import { AttachedFiles, payloadInterfaces } from './files-payload.ts';

/** How many files one call may name. */
const MAX_FILES = 1000;

export const fileIds = {
  required: true,
  description: 'Ids of 1 to 1,000 files that you may see, as in `File:1`.',
} as const;
const guarantees =
  'All of them are attached, or none: NOT_FOUND names every id that does not exist or that you may not see. A file ' +
  'that is attached there already stays attached.';
const payload = { description: 'The attached files.' };
const answersFiles = payloadInterfaces(AttachedFiles);

export function idsOf(ids: readonly string[]): number[] {
  if (ids.length === 0) throw new BadUserInputError('Give at least one file id.');
  if (ids.length > MAX_FILES) throw new BadUserInputError(`Give at most ${MAX_FILES} files at once.`);
  return ids.map((id) => idOf('File', id));
}

export async function rowOf(context: GraphQLContext, ref: AttachableRef) {
  return (await loadAttachable(context, ref)).row;
}

/** Adds the mutation that attaches stored files to the target, as `attachTaskFiles` does. */
function attachMutation({ name, field, noun, idField, refOf, node, load }: AttachTarget): void {
  answersFiles(
    builder.relayMutationField(
      `attach${name}Files`,
      {
        description: `The files to attach to ${noun}.`,
        inputFields: (t) => ({ [`${field}Id`]: idField(t), fileIds: t.idList(fileIds) }),
      },
      {
        description: `Attaches stored files to ${noun}. ${guarantees}`,
        resolve: async (_root, { input }, context) => {
          const on = refOf(input);
          return { ...(await attachFiles(context, on, idsOf(input.fileIds as string[]))), on };
        },
      },
      {
        ...payload,
        outputFields: (t) => ({
          [field]: t.field({
            type: node,
            description: `The ${field} that the files are attached to.`,
            resolve: ({ on }, _args, context) => load(on, context),
          }),
        }),
      },
    ),
  );
}

for (const target of targetsInProjects) attachMutation(target);

answersFiles(
  builder.relayMutationField(
    'attachEntityFiles',
    {
      description: `The files to attach to ${entityTarget.noun}.`,
      inputFields: (t) => ({
        entityId: entityTarget.idField(t),
        fileIds: t.idList(fileIds),
        content: t.string({ description: 'The text of the history event; empty unless given.' }),
        categoryId: t.id({
          description: 'The category of the history event, as in `Category:1`; none unless given.',
        }),
      }),
    },
    {
      description: `Attaches stored files to ${entityTarget.noun} and records it in the history. ${guarantees}`,
      resolve: async (_root, { input }, context) => {
        const on = entityTarget.refOf(input) as EntityRef;
        const attached = await attachFiles(context, on, idsOf(input.fileIds), (tx, { files }) =>
          recordHistory(tx, {
            entity: on,
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
          type: entityTarget.node,
          description: 'The entity that the files are attached to.',
          resolve: ({ on }, _args, context) => entityTarget.load(on, context),
        }),
        historyEvent: t.field({
          type: HistoryEventNode,
          nullable: true,
          description: 'The event that the history of the entity now has.',
          resolve: ({ result }) => result,
        }),
      }),
    },
  ),
);
