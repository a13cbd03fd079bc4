import type { AccessLevel, EntityAccess, EntityRef } from '../../database/entities/index.ts';
import { NotFoundError } from '../../errors.ts';
import { topicOf } from '../../events/topic.ts';
import { type AttachableAccess, loadAttachables } from '../../workspace/attachable.ts';
import { type AccessEntry, accessLists } from '../../workspace/entity-access.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder, type InputFields } from '../builder.ts';
import { idOf } from '../ids.ts';
import { UserNode } from '../refs.ts';

const AccessLevelEnum = builder.enumType('AccessLevel', {
  description: 'Access of one user to an entity.',
  values: {
    READ: { description: 'May see the entity and its files.' },
    READ_WRITE: { description: 'May also change the entity, and attach and detach files.' },
  } satisfies Record<AccessLevel, object>,
});

export const EntityAccessType = builder.objectRef<EntityAccess>('EntityAccess').implement({
  description: 'Access of one user to an entity, in addition to the access that all users have.',
  fields: (t) => ({
    user: t.field({ type: UserNode, description: 'The user who has the access.', resolve: (entry) => entry.user.id }),
    access: t.expose('access', { type: AccessLevelEnum, description: 'What the user may do.' }),
  }),
});

const EntityAccessInput = builder.inputType('EntityAccessInput', {
  description: 'Access to give to one user, in addition to the access that all users have.',
  fields: (t) => ({
    userId: t.id({ required: true, description: 'Id of the user, as in `User:1`.' }),
    access: t.field({ type: AccessLevelEnum, defaultValue: 'READ', description: 'What the user may do.' }),
  }),
});

const managersOnly = 'Only its creator and administrators may set it.';

/** The input fields that set who may see an entity. */
export const sharingFields = (t: InputFields) => ({
  isPrivate: t.boolean({
    description: `Whether only the creator, administrators and users on the access list may see the entity. ${managersOnly}`,
  }),
  accessList: t.field({
    type: [EntityAccessInput],
    description:
      'Access of single users, in addition to the access that all users have: at most 1,000 entries, each ' +
      `user once. It replaces the whole list. ${managersOnly}`,
  }),
});

/** Decodes those fields. Null is the same as omitted. */
export function sharingOf(input: {
  isPrivate?: boolean | null | undefined;
  accessList?: readonly (typeof EntityAccessInput.$inferInput)[] | null | undefined;
}): { isPrivate: boolean | undefined; accessList: AccessEntry[] | undefined } {
  return {
    isPrivate: input.isPrivate ?? undefined,
    accessList: input.accessList?.map(({ userId, access }) => ({
      userId: idOf('User', userId),
      access: access ?? 'READ',
    })),
  };
}

/** An entity with the access of the viewer. Rejects with `NotFoundError`. */
export const entityRightsOf = batchLoader<EntityRef, AttachableAccess>(async (refs, context) => {
  const reached = await loadAttachables(context, refs);
  return refs.map((ref) => reached.get(topicOf(ref)) ?? new NotFoundError([topicOf(ref)]));
});

export const accessListOf = batchLoader<EntityRef, EntityAccess[]>(async (refs, context) => {
  const lists = await accessLists(context, refs);
  return refs.map((ref) => lists.get(topicOf(ref)) ?? []);
});
