import { resolveNodes } from '@pothos/plugin-relay';
import type { GraphQLResolveInfo } from 'graphql';
import { NotFoundError } from '../../errors.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { nodeTypes } from '../node-ids.ts';
import { AuditLogEntryNode } from '../refs.ts';

/** A fact about an entry of the audit log. */
export interface Detail {
  name: string;
  value: string | null;
}

/** The details that are ids. Others are texts, which anybody may give the form of an id. */
const ID_DETAILS: ReadonlySet<string> = new Set(['userId', 'on', 'file', 'from', 'to', 'previous', 'guest']);

/**
 * The object with a global id, which was written into the log; null when it no longer exists. All
 * objects of a page are loaded in one batch for each type.
 */
async function findObject(id: string, context: GraphQLContext, info: GraphQLResolveInfo): Promise<unknown> {
  const [, typename = '', digits] = /^([A-Za-z]+):(\d+)$/.exec(id) ?? [];
  if (!digits || !nodeTypes.has(typename)) return null;
  const [found] = await resolveNodes(builder, context, info, [{ typename, id: Number(digits) }]);
  const object = await found;
  if (object instanceof NotFoundError) return null;
  return object;
}

builder.objectField(AuditLogEntryNode, 'target', (t) =>
  t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description: 'The object that it was done to; null when it no longer exists. Its name may have changed since.',
    resolve: ({ target }, _args, context, info) => findObject(target, context, info),
  }),
);

export const AuditDetail = builder.objectRef<Detail>('AuditDetail').implement({
  description: 'A fact about an entry of the audit log.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of the fact, as in `role`; see `AuditAction`.' }),
    value: t.exposeString('value', {
      nullable: true,
      description: 'Value of the fact as text, as in `EDITOR`, `true` or `Task:1`; null for no value.',
    }),
    object: t.field({
      type: builder.nodeInterfaceRef(),
      nullable: true,
      description: 'The object whose id the value is; null for other values, and when the object no longer exists.',
      resolve: ({ name, value }, _args, context, info) =>
        value !== null && ID_DETAILS.has(name) ? findObject(value, context, info) : null,
    }),
  }),
});
