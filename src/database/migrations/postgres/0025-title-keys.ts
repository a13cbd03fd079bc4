import { AddTitleKeys } from '../title-keys.ts';

export class TitleKeys extends AddTitleKeys {
  protected override readonly text = 'text collate "C"';
}
