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
        [`${noun}Id`]: t.id({ required: true, description: `The id of the ${noun}, such as \`${type}:1\`.` }),
      }),
    },
    {
      description: `${description} NOT_FOUND when it does not exist or you may not see it; FORBIDDEN when you may not delete it.`,
      resolve: async (_root, { input }, context) => {
        const id = idOf(type, input[`${noun}Id`] as string);
        await deleteAttachable(context, { type, id });
        return { deletedId: encodeId(type, id) };
      },
    },
    {
      description: `The ${noun} that was deleted.`,
      outputFields: (t) => ({
        deletedId: t.exposeID('deletedId', {
          description: 'Its id, which is never used again. Remove it from your cache.',
        }),
      }),
    },
  );
}
