import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.integer().primary(),
    displayName: p.string(),
    /** What the person does, as in "Head of sales"; empty when nobody said. */
    title: p.string().default(''),
    email: p.string().nullable().unique(),
    avatarUrl: p.string().nullable(),
    profileUrl: p.string().nullable(),
    isAdmin: p.boolean(),
    createdAt: p.datetime(3),
  },
});

/** A person, or a machine that acts as one. */
export class User extends schema.class {}
schema.setClass(User);
