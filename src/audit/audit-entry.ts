/** The audited actions, with their descriptions in the GraphQL schema. */
export const auditActions = {
  USER_CREATED: 'A user was created.',
  USER_UPDATED: 'Fields of a user were changed; `fields` names them, and `isAdmin` is the new value if it was changed.',
  USER_DISABLED: 'A user was disabled.',
  USER_ENABLED: 'A disabled user was enabled again.',
  USER_REMOVED: 'A user was removed, with API keys, memberships and entries of access lists.',
  USER_ERASED: 'The personal data of a removed user was erased.',
  API_KEY_CREATED: 'An API key was created, for the user `userId`.',
  API_KEY_REVOKED: 'An API key of the user `userId` was revoked.',
  IDENTITY_LINKED: 'Tokens of an identity provider, `issuer`, sign in as the user from now on.',
  UPLOAD_TOKEN_CREATED: 'An upload token was created, for the attachable `on`.',
  UPLOAD_TOKEN_REVOKED: 'An upload token of the user `userId` was revoked.',
  SHARE_LINK_CREATED: 'A share link was created, for the files of the attachable `on` or for the file `file`.',
  SHARE_LINK_REVOKED: 'A share link of the user `userId` was revoked.',
  UPLOAD_CANCELLED:
    'An unfinished upload, `upload`, of the target, a user, was deleted by a request: `cancelUpload`, or `DELETE` by tus.',
  PROJECT_CREATED: 'A project was created.',
  PROJECT_UPDATED: 'Fields of a project were changed; `fields` names them.',
  PROJECT_QUOTA_CHANGED: 'The limits `maxBytes` and `maxFiles` of a project were set; null is the default.',
  PROJECT_DELETED: 'A project was deleted, with all that was in it.',
  MEMBER_ADDED: 'The user `userId` became a member of a project, with the role `role`.',
  MEMBER_UPDATED: 'The member `userId` of a project got the role `role`.',
  MEMBER_REMOVED: 'The member `userId` left a project; `role` is the former role.',
  TASK_DELETED: 'A task was deleted, with its comments.',
  COMMENT_DELETED: 'A comment was deleted.',
  ENTITY_ACCESS_CHANGED:
    'Who sees a contact, opportunity or case was set: `isPrivate`, `shareType`, `accessList` with at most 20 users ' +
    'of the new list, and `accessListLength`.',
  ENTITY_DELETED: 'A contact, opportunity or case was deleted.',
  CATEGORY_CREATED: 'A category was created.',
  CATEGORY_UPDATED: 'A category was changed; `fields` names what.',
  CATEGORY_DELETED: 'A category was deleted.',
  FILE_UPLOADED: 'A file was uploaded, to the attachable `on` unless it is attached to nothing.',
  FILE_VERSION_UPLOADED: 'A version of a file was uploaded, which follows `previous`.',
  FILE_UPDATED: 'Fields of a file were changed; `fields` names them.',
  FILE_REVIEWED: 'The review status of a file was set to `status`.',
  FILE_ATTACHED: 'A file was attached to the attachable `on`.',
  FILE_DETACHED: 'A file was detached from the attachable `from`.',
  FILE_MOVED: 'A file was moved from the attachable `from` to `to`.',
  FILE_REMOVED: 'A file was removed, with all its versions; `name` is the first 100 characters of its name.',
  FILE_VERSION_REMOVED: 'One version of a file was removed.',
  FILE_DOWNLOADED: 'The content of a file was sent. Recorded only where the operator set AUDIT_DOWNLOADS.',
  FILE_PREVIEWED: 'A thumbnail of a file was sent. Recorded only where the operator set AUDIT_DOWNLOADS.',
} as const;

export type AuditAction = keyof typeof auditActions;

/** What is recorded beside the target: ids and settings, and no personal data. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null>>;

/** What was done to what. */
export interface AuditEntry {
  action: AuditAction;
  /** The global id of the target, such as `File:1`. */
  target: string;
  details?: AuditDetails;
}

/** The names of the fields that a change has, for the details of an entry. */
export const changedFields = (change: object): string =>
  Object.entries(change)
    .flatMap(([name, value]) => (value === undefined ? [] : [name]))
    .join(', ');

/** How a change came about. */
export const auditSources = {
  REQUEST: 'A request to the server.',
  GUEST:
    'A request of somebody unknown with an upload token, a share link or a signed link, which the detail `guest` names. ' +
    'The actor is the user who created it.',
  COMMAND_LINE: 'A command of the operator on the machine of the server. Such an entry has no actor.',
  IDENTITY_PROVIDER:
    'A sign-in with a token of an identity provider, which created a user or changed what groups give. Such an ' +
    'entry has no actor.',
  SERVER: 'The server itself, as at its first start.',
} as const;

export type AuditSource = keyof typeof auditSources;

/** By whom and from where an entry is caused. */
export interface AuditOrigin {
  via: AuditSource;
  /** Null when no user did it. */
  actorId: number | null;
  keyId?: number | undefined;
  /** See `Viewer`. */
  guest?: string | undefined;
  client?: { address: string; requestId: string } | undefined;
}
