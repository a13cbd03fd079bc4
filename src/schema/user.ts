import { builder } from './builder.ts';
import { UserNode } from './refs.ts';

builder.objectType(UserNode, {
  description: 'A person, or a machine that acts as one.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    displayName: t.exposeString('displayName', { description: 'What others see.' }),
    email: t.exposeString('email', { nullable: true, description: 'Where to write to, if known.' }),
    isAdmin: t.exposeBoolean('isAdmin', { description: 'Whether this user may see and change everything.' }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: UserNode,
    description: 'The user whose key this request carries.',
    resolve: (_root, _args, { viewer }) => viewer.userId,
  }),
);
