import { findUsers, usersWithKnownEmail } from '../../auth/users.ts';
import type { RequestContext } from '../../context.ts';

export interface EncodedUser {
  id: string;
  email: string;
  name: string;
}

/** Encodes users by id. The address is empty if the viewer may not see it. */
export async function encodeUsers(ctx: RequestContext, ids: readonly number[]): Promise<(id: number) => EncodedUser> {
  const unique = [...new Set(ids)];
  const users = await findUsers(ctx, unique);
  const known = await usersWithKnownEmail(ctx, unique);
  return (id) => {
    const user = users.get(id);
    return { id: String(id), email: (known.has(id) && user?.email) || '', name: user?.displayName ?? '' };
  };
}

/** The assignee of a task without an assignee. */
export const NO_ONE: EncodedUser = { id: '0', email: 'NOONE', name: 'No executive' };
