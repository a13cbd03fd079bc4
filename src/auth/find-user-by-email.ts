import { contextOf, type RequestContext } from '../context.ts';
import { User } from '../database/entities/index.ts';
import { usersWithKnownEmail } from './users.ts';

/**
 * The user with an email address, ignoring case; undefined when there is none or the viewer may not
 * see the address.
 */
export async function findUserByEmail(request: RequestContext, address: string): Promise<User | undefined> {
  const ctx = contextOf(request);
  const user = await ctx.em.findOne(User, { email: address.trim().toLowerCase() });
  return user && (await usersWithKnownEmail(ctx, [user.id])).has(user.id) ? user : undefined;
}
