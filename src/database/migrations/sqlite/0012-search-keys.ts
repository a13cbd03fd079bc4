import { FoldSearchKeys } from '../search-keys.ts';

export class SearchKeys extends FoldSearchKeys {
  protected override hasMoreThanAscii(column: string): string {
    return `${column} glob '*[^ -~]*'`;
  }
}
