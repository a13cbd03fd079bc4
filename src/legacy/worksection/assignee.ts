import { findUserByEmail } from '../../auth/find-user-by-email.ts';
import { type Call, WorksectionError } from './call.ts';

/** Who has to do a task, by the address in `email_user_to`; undefined when it says nothing. */
export async function parseAssignees(call: Call): Promise<number[] | undefined> {
  const address = call.text('email_user_to');
  if (address === undefined) return undefined;
  if (/^(?:any|noone)$/i.test(address)) return [];
  const user = await findUserByEmail(call.ctx, address);
  if (!user) throw new WorksectionError(11, 'Field is invalid', 'email_user_to');
  return [user.id];
}
