import { AddShareDownloads } from '../share-downloads.ts';

export class ShareDownloads extends AddShareDownloads {
  protected override readonly text = 'text';
  protected override readonly time = 'datetime';
}
