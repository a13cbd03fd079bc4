import { FewerIndexes } from '../fewer-indexes.ts';
import { ListsByGrants } from '../lists-by-grants.ts';
import { PlacedFiles } from '../placed-files.ts';
import { UploadStarts } from '../upload-starts.ts';
import { First } from './0001-first.ts';
import { EventLog } from './0002-event-log.ts';
import { Secrets } from './0003-secrets.ts';
import { IdempotencyKeys } from './0004-idempotency-keys.ts';
import { UnfinishedUploads } from './0005-unfinished-uploads.ts';
import { RecoverableKeys } from './0007-recoverable-keys.ts';
import { TaskOrder } from './0008-task-order.ts';
import { TemporaryUsage } from './0009-temporary-usage.ts';
import { UnsealAdministrators } from './0011-unseal-administrators.ts';
import { SearchKeys } from './0012-search-keys.ts';
import { Charsets } from './0014-charsets.ts';
import { JoinedUploads } from './0015-joined-uploads.ts';
import { StandardNames } from './0016-standard-names.ts';
import { SmallBlobs } from './0017-small-blobs.ts';
import { UserIdentities } from './0020-user-identities.ts';
import { Users } from './0021-users.ts';
import { AuditLog } from './0022-audit-log.ts';
import { GuestTokens } from './0023-guest-tokens.ts';
import { Thumbnails } from './0024-thumbnails.ts';
import { TitleKeys } from './0025-title-keys.ts';
import { ShareDownloads } from './0027-share-downloads.ts';
import { UploadUrls } from './0028-upload-urls.ts';

/**
 * Every change of the tables since the first release, in order. One that was released is never
 * edited.
 */
export const migrations = [
  { name: '0001-first', class: First },
  { name: '0002-event-log', class: EventLog },
  { name: '0003-secrets', class: Secrets },
  { name: '0004-idempotency-keys', class: IdempotencyKeys },
  { name: '0005-unfinished-uploads', class: UnfinishedUploads },
  { name: '0007-recoverable-keys', class: RecoverableKeys },
  { name: '0008-task-order', class: TaskOrder },
  { name: '0009-temporary-usage', class: TemporaryUsage },
  { name: '0011-unseal-administrators', class: UnsealAdministrators },
  { name: '0012-search-keys', class: SearchKeys },
  { name: '0013-placed-files', class: PlacedFiles },
  { name: '0014-charsets', class: Charsets },
  { name: '0015-joined-uploads', class: JoinedUploads },
  { name: '0016-standard-names', class: StandardNames },
  { name: '0017-small-blobs', class: SmallBlobs },
  { name: '0018-lists-by-grants', class: ListsByGrants },
  { name: '0019-fewer-indexes', class: FewerIndexes },
  { name: '0020-user-identities', class: UserIdentities },
  { name: '0021-users', class: Users },
  { name: '0022-audit-log', class: AuditLog },
  { name: '0023-guest-tokens', class: GuestTokens },
  { name: '0024-thumbnails', class: Thumbnails },
  { name: '0025-title-keys', class: TitleKeys },
  { name: '0026-upload-starts', class: UploadStarts },
  { name: '0027-share-downloads', class: ShareDownloads },
  { name: '0028-upload-urls', class: UploadUrls },
];
