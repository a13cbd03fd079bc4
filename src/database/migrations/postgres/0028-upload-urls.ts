import { AddUploadUrls } from '../upload-urls.ts';

export class UploadUrls extends AddUploadUrls {
  protected override readonly text = 'text collate "C"';
  protected override readonly time = 'timestamptz(3)';
}
