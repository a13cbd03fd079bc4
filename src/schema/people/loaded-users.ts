import { createContextCache } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { User } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import type { GraphQLContext } from '../context.ts';
import { UserNode } from '../refs.ts';
import { selects } from '../repeated-fields.ts';

/**
 * The users that a query has loaded, by id. A field whose user is among them has its value at once.
 * Loaded by its id, each user of a page would be a promise, and with it each item of the page,
 * which costs more than the user itself.
 */
const loadedUsers = createContextCache(() => new Map<number, Row<User>>());

/** Returns a user that was loaded before, or else its id, by which it is loaded. */
export const userOf = (context: GraphQLContext, id: number): Row<User> | number => loadedUsers(context).get(id) ?? id;

/**
 * Loads the users of a field of this name in the rows of a page, if a query selects it. In a
 * mutation it does nothing: there, one field may change the user of another.
 */
export async function loadUsersOf<Name extends string>(
  context: GraphQLContext,
  info: GraphQLResolveInfo,
  field: Name,
  rows: readonly { readonly [Key in Name]: { readonly id: number } }[],
): Promise<void> {
  if (info.operation.operation !== 'query' || !selects(info, field)) return;
  const users = loadedUsers(context);
  const ids = [...new Set(rows.map((row) => row[field].id))].filter((id) => !users.has(id));
  for (const user of await UserNode.getDataloader(context).loadMany(ids))
    if (!(user instanceof Error)) users.set(user.id, user);
}
