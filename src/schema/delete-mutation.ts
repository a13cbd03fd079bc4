import { deleteAttachable } from '../attachments/delete-attachable.ts';
import type { AttachableType } from '../database/entities/index.ts';
import { builder } from './builder.ts';
import { encodeId, idOf } from './ids.ts';

/** Adds the mutation that deletes an attachable of the type, as `deleteTask` does. */
export function deleteMutation(type: AttachableType, description: string): void {
  const noun = type.toLowerCase();
  builder.relayMutationField(
    `delete${type}`,
    {
      description: `The ${noun} to delete.`,
      inputFields: (t) => ({
        [`${noun}Id`]: t.id({ required: true, description: `Id of the ${noun}, as in \`${type}:1\`.` }),
      }),
    },
    {
      description: `${description} FORBIDDEN when you may see it but not delete it.`,
      resolve: async (_root, { input }, context) => {
        const id = idOf(type, input[`${noun}Id`] as string);
        await deleteAttachable(context, { type, id });
        return { deletedId: encodeId(type, id) };
      },
    },
    {
      description: `The deleted ${noun}.`,
      outputFields: (t) => ({
        deletedId: t.exposeID('deletedId', { description: `Id of the deleted ${noun}, to drop from your cache.` }),
      }),
    },
  );
}
