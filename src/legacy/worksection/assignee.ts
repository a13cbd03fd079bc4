import { userWithAddress } from '../../auth/find-user-by-email.ts';
import { type Call, Refused } from './parameters.ts';

/** Who has to do a task, by the address in `email_user_to`; undefined when it says nothing. */
export async function executivesIn(call: Call): Promise<number[] | undefined> {
  const address = call.text('email_user_to');
  if (address === undefined) return undefined;
  if (/^(?:any|noone)$/i.test(address)) return [];
  const user = await userWithAddress(call.ctx, address);
  if (!user) throw new Refused(11, 'Field is invalid', 'email_user_to');
  return [user.id];
}
