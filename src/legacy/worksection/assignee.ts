import { findUserByEmail } from '../../auth/find-user-by-email.ts';
import { type Call, WorksectionError } from './call.ts';

/**
 * The users that a task is assigned to, by the address in `email_user_to`; undefined if it is
 * absent.
 */
export async function parseAssignees(call: Call): Promise<number[] | undefined> {
  const address = call.text('email_user_to');
  if (address === undefined) return undefined;
  if (/^(?:any|noone)$/i.test(address)) return [];
  const user = await findUserByEmail(call.ctx, address);
  if (!user) throw new WorksectionError(11, 'Field is invalid', 'email_user_to');
  return [user.id];
}
