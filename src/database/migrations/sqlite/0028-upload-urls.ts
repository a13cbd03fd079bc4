import { AddUploadUrls } from '../upload-urls.ts';

export class UploadUrls extends AddUploadUrls {
  protected override readonly text = 'text';
  protected override readonly time = 'datetime';
}
