import { attaching } from './attaching.ts';
import { audit } from './audit.ts';
import type { Topic } from './example.ts';
import { files, review, versions } from './files.ts';
import { lists, subscriptions } from './lists.ts';
import { people } from './people.ts';
import { sharing } from './sharing.ts';
import { uploading } from './uploading.ts';
import { crm, workspace } from './workspace.ts';

/** The examples of every capability, in the order in which they are shown. */
export const topics: Topic[] = [
  lists,
  uploading,
  subscriptions,
  attaching,
  files,
  versions,
  review,
  sharing,
  workspace,
  crm,
  people,
  audit,
];
