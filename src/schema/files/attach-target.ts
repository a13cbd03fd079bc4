import type { AttachableRef, AttachableType } from '../../database/entities/index.ts';
import { entityTypes, loadAttachable } from '../../workspace/attachable.ts';
import type { InputFields } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { attachableOf, idOf } from '../ids.ts';
import { type AttachableInterface, attachableNodes, EntityInterface } from '../refs.ts';

/**
 * A target of uploads and attachments, as it appears in the names, inputs and payloads of
 * mutations.
 */
export interface AttachTarget {
  /** The part of the mutation's name, as in `uploadTaskFiles`. */
  name: string;
  /** The field of the payload; with `Id`, of the input. */
  field: string;
  /** For descriptions. */
  noun: string;
  idField(t: InputFields): ReturnType<InputFields['id']>;
  refOf(input: object): AttachableRef;
  /** The type of the payload's field. */
  node: typeof AttachableInterface;
  /** What that field resolves to. */
  load(ref: AttachableRef, context: GraphQLContext): Promise<never>;
}

function attachTarget(
  { name, noun, examples }: { name: string; noun: string; examples: string },
  refOf: (id: string) => AttachableRef,
  node: object,
  load: (ref: AttachableRef, context: GraphQLContext) => unknown,
): AttachTarget {
  const field = name.toLowerCase();
  return {
    name,
    field,
    noun,
    idField: (t) => t.id({ required: true, description: `Id of ${noun}, as in ${examples}.` }),
    refOf: (input) => refOf((input as Record<string, string>)[`${field}Id`] as string),
    // Pothos cannot know the type of a field whose name is computed; `load` resolves to what `node`
    // returns.
    node: node as typeof AttachableInterface,
    load: async (ref, context) => (await load(ref, context)) as never,
  };
}

const targetOf = (type: AttachableType): AttachTarget =>
  attachTarget(
    { name: type, noun: `a ${type.toLowerCase()}`, examples: `\`${type}:1\`` },
    (id) => ({ type, id: idOf(type, id) }),
    attachableNodes[type],
    ({ id }) => id,
  );

export const targetsInProjects = (['Task', 'Project', 'Comment'] as const).map(targetOf);

export const entityTarget = attachTarget(
  {
    name: 'Entity',
    noun: 'a contact, an opportunity or a case',
    examples: '`Contact:1`, `Opportunity:1` or `Case:1`',
  },
  (id) => attachableOf(id, entityTypes),
  EntityInterface,
  async (ref, context) => (await loadAttachable(context, ref)).row,
);
