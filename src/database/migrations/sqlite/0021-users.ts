import { UserStates } from '../user-states.ts';

export class Users extends UserStates {
  protected override readonly time = 'datetime';
  protected override readonly text = 'text';
}
