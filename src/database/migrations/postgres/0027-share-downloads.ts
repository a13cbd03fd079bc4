import { AddShareDownloads } from '../share-downloads.ts';

export class ShareDownloads extends AddShareDownloads {
  protected override readonly text = 'text collate "C"';
  protected override readonly time = 'timestamptz(3)';
}
