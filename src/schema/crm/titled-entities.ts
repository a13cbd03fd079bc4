import { createTitled, type TitledType, titledTypes, updateTitled } from '../../workspace/entities.ts';
import { builder } from '../builder.ts';
import { deleteMutation } from '../delete-mutation.ts';
import { idOf } from '../ids.ts';
import { AttachableInterface, attachableNodes, EntityInterface } from '../refs.ts';
import { title } from '../validators.ts';
import { entityDescriptions } from './entity.ts';
import { sharingFields, sharingOf } from './entity-access.ts';

interface TitledInput {
  title?: string | null | undefined;
}

/**
 * Adds an entity that has a title: its type, and the mutations that create, update and delete one.
 */
function addTitledEntity(type: TitledType): void {
  const description = entityDescriptions[type];
  const article = /^[AEIOU]/.test(type) ? 'an' : 'a';
  const node = attachableNodes[type];
  const noun = type.toLowerCase();
  const titleText = `Title of the ${noun}, 1 to 500 characters.`;

  builder.objectType(node, { description, interfaces: [EntityInterface, AttachableInterface] });

  builder.relayMutationField(
    `create${type}`,
    {
      description: `The ${noun} to create.`,
      inputFields: (t) => ({
        title: t.string({ required: true, validate: title, description: titleText }),
        ...sharingFields(t),
      }),
    },
    {
      description: `Creates ${article} ${noun}. NOT_FOUND names every user of \`accessList\` who does not exist.`,
      resolve: async (_root, { input }, context) => ({
        entity: await createTitled(context, type, { title: input.title, ...sharingOf(input) }),
      }),
    },
    {
      description: `The created ${noun}.`,
      outputFields: (t) => ({
        [noun]: t.field({ type: node, description: `The created ${noun}.`, resolve: ({ entity }) => entity }),
      }),
    },
  );

  builder.relayMutationField(
    `update${type}`,
    {
      description: `Changes to ${article} ${noun}. Omitted fields keep their values.`,
      inputFields: (t) => ({
        [`${noun}Id`]: t.id({ required: true, description: `Id of the ${noun}, as in \`${type}:1\`.` }),
        title: t.string({ validate: title, description: titleText }),
        ...sharingFields(t),
      }),
    },
    {
      description: `Changes ${article} ${noun}. FORBIDDEN when you may see it but not edit it.`,
      resolve: async (_root, { input }, context) => {
        const { [`${noun}Id`]: id, ...fields } = input as Record<string, unknown>;
        const { title } = fields as TitledInput;
        const ref = { type, id: idOf(type, id as string) };
        return { entity: await updateTitled(context, ref, { title: title ?? undefined, ...sharingOf(fields) }) };
      },
    },
    {
      description: `The changed ${noun}.`,
      outputFields: (t) => ({
        [noun]: t.field({
          type: node,
          description: `The ${noun} after the change.`,
          resolve: ({ entity }) => entity,
        }),
      }),
    },
  );

  deleteMutation(
    type,
    `Deletes ${article} ${noun} with its history. Its files that are attached to nothing else are removed.`,
  );
}

for (const type of titledTypes) addTitledEntity(type);
