import { UserStates } from '../user-states.ts';

export class Users extends UserStates {
  protected override readonly time = 'timestamptz(3)';
  protected override readonly text = 'text collate "C"';
}
