import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.integer().primary(),
    displayName: p.string(),
    /** The job title, as in "Head of sales"; empty when it was not given. */
    title: p.string().default(''),
    email: p.string().nullable().unique(),
    avatarUrl: p.string().nullable(),
    profileUrl: p.string().nullable(),
    isAdmin: p.boolean(),
    createdAt: p.datetime(3),
  },
});

/** A person or a program. */
export class User extends schema.class {}
schema.setClass(User);
