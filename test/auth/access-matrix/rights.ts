import { table } from '../../support/table.ts';

/**
 * The one table from which every expected result of the matrix derives. It states the policy of
 * docs/users-and-permissions.md and docs/sharing.md, and the server computes nothing in it.
 *
 * The objects belong to Alice, who takes no further part. The columns are rights:
 *
 * - see, edit, manage: what is in the project or in the private entity; the project itself
 * - quota: the limits of a project
 * - revoke: ending the upload tokens and share links of another user
 * - read, write: what every user has, such as a project of one's own
 * - account: what belongs to the account of another user: keys, unfinished uploads
 * - admin: users, categories, the audit log
 * - foreign: what is for its creator alone, such as continuing an upload
 * - upload, share: what was made for the bearers of upload tokens and of share links
 *
 * The values are `yes`; 401, 403 and 404 for UNAUTHENTICATED, FORBIDDEN and NOT_FOUND; and `4xx`
 * for one of the last two: a key that may not write is refused before or after the object is looked
 * up.
 */
export const rights = table(`
actor                 key     see  edit  manage  quota  revoke  read  write  account  admin  foreign  upload  share
stranger              WRITE   404  404   404     404    404     yes   yes    404      403    404      403     403
stranger              READ    404  4xx   4xx     4xx    4xx     yes   403    4xx      403    4xx      403     403
viewer                WRITE   yes  403   403     403    404     yes   yes    404      403    404      403     403
viewer                READ    yes  403   403     403    4xx     yes   403    4xx      403    4xx      403     403
editor                WRITE   yes  yes   403     403    403     yes   yes    404      403    404      403     403
editor                READ    yes  403   403     403    403     yes   403    4xx      403    4xx      403     403
owner                 WRITE   yes  yes   yes     403    yes     yes   yes    404      403    404      403     403
owner                 READ    yes  403   403     403    403     yes   403    4xx      403    4xx      403     403
administrator         ADMIN   yes  yes   yes     yes    yes     yes   yes    yes      yes    404      403     403
administrator         WRITE   yes  yes   yes     403    yes     yes   yes    404      403    404      403     403
administrator         READ    yes  403   403     403    403     yes   403    4xx      403    4xx      403     403
disabled              WRITE   401  401   401     401    401     401   401    401      401    401      401     401
revoked               WRITE   401  401   401     401    401     401   401    401      401    401      401     401
upload token          -       403  403   403     403    403     403   403    403      403    403      yes     403
share link            -       403  403   403     403    403     403   403    403      403    403      403     yes
`);

export type Right =
  | 'see'
  | 'edit'
  | 'manage'
  | 'quota'
  | 'revoke'
  | 'read'
  | 'write'
  | 'account'
  | 'admin'
  | 'foreign'
  | 'upload'
  | 'share';

const codes: Readonly<Record<string, string[]>> = {
  yes: ['done'],
  401: ['UNAUTHENTICATED'],
  403: ['FORBIDDEN'],
  404: ['NOT_FOUND'],
  '4xx': ['NOT_FOUND', 'FORBIDDEN'],
};

/** The outcomes that the table permits. */
export const expected = (row: Record<string, string>, right: Right): string[] => codes[row[right] ?? ''] ?? [];

/** Guests are let in by GraphQL over HTTP alone, and by tus with an upload token. */
export const isGuest = (row: Record<string, string>): boolean => row.key === '-';
