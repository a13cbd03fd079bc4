import { defineEntity, p } from '@mikro-orm/core';
import { searchKey } from '../search-key.ts';

const schema = defineEntity({
  name: 'User',
  tableName: 'users',
  // Lists leave out removed users.
  indexes: [{ name: 'users_listed_index', properties: ['id'], where: 'removed_at is null' }],
  properties: {
    id: p.integer().primary(),
    displayName: p.string(),
    /** The search key of the name. */
    nameKey: p.string().default(''),
    /** The job title, as in "Head of sales"; empty when it was not given. */
    title: p.string().default(''),
    email: p.string().nullable().unique(),
    avatarUrl: p.string().nullable(),
    profileUrl: p.string().nullable(),
    isAdmin: p.boolean(),
    /** A program: it has no email address, and signs in with API keys alone. */
    isService: p.boolean().default(false),
    createdAt: p.datetime(3),
    /** Since when the user cannot sign in; null for one who can. */
    disabledAt: p.datetime(3).nullable(),
    /** Since when the row remains only as the author of what the user added. Disabled, too. */
    removedAt: p.datetime(3).nullable(),
  },
});

/** A person or a program. */
export class User extends schema.class {}
schema.setClass(User);

/** The columns of a user's name: as it is shown, and as it is searched. */
export const named = (displayName: string) => ({ displayName, nameKey: searchKey(displayName) });
