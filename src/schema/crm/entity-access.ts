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
  description: 'What one user may do with an entity.',
  values: {
    READ: { description: 'See it and its files.' },
    READ_WRITE: { description: 'Also change it, attach files to it and detach them.' },
  } satisfies Record<AccessLevel, object>,
});

export const EntityAccessType = builder.objectRef<EntityAccess>('EntityAccess').implement({
  description: 'What a user may do with an entity, beside what everybody may.',
  fields: (t) => ({
    user: t.field({ type: UserNode, description: 'Who.', resolve: (entry) => entry.user.id }),
    access: t.expose('access', { type: AccessLevelEnum, description: 'What.' }),
  }),
});

const EntityAccessInput = builder.inputType('EntityAccessInput', {
  description: 'What a user may do with an entity, beside what everybody may.',
  fields: (t) => ({
    userId: t.id({ required: true, description: 'Who, as in `User:1`.' }),
    access: t.field({ type: AccessLevelEnum, defaultValue: 'READ', description: 'What.' }),
  }),
});

const managersOnly = 'Only those who may delete it may say so.';

/** Input fields that say who may see an entity. */
export const sharingFields = (t: InputFields) => ({
  isPrivate: t.boolean({
    description: `Whether only its creator, administrators and those on its access list may see it. ${managersOnly}`,
  }),
  accessList: t.field({
    type: [EntityAccessInput],
    description:
      'What single users may do with it, beside what everybody may; at most 1,000, each once, in the place of all that ' +
      `are on the list. ${managersOnly}`,
  }),
});

/** What those fields say. Null is the same as nothing said. */
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

/** An entity as the viewer stands to it. Rejects with `NotFoundError`. */
export const entityRightsOf = batchLoader<EntityRef, AttachableAccess>(async (refs, context) => {
  const reached = await loadAttachables(context, refs);
  return refs.map((ref) => reached.get(topicOf(ref)) ?? new NotFoundError([topicOf(ref)]));
});

export const accessListOf = batchLoader<EntityRef, EntityAccess[]>(async (refs, context) => {
  const lists = await accessLists(context, refs);
  return refs.map((ref) => lists.get(topicOf(ref)) ?? []);
});
