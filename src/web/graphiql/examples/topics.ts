import type { Topic } from './example.ts';
import { attaching, files, review, versions } from './files.ts';
import { lists, subscriptions } from './lists.ts';
import { audit, people, sharing } from './people.ts';
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
