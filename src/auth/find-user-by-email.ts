import { contextOf, type RequestContext } from '../context.ts';
import { User } from '../database/entities/index.ts';
import { usersWithKnownEmail } from './users.ts';

/** Who has an address, in any case; undefined when nobody has, or when the viewer may not know of it. */
export async function findUserByEmail(request: RequestContext, address: string): Promise<User | undefined> {
  const ctx = contextOf(request);
  const user = await ctx.em.findOne(User, { email: address.trim().toLowerCase() });
  return user && (await usersWithKnownEmail(ctx, [user.id])).has(user.id) ? user : undefined;
}
