import { account, keys, unfinishedUploads, uploadSessions } from './en/account.ts';
import { admin, audit, users } from './en/admin.ts';
import { explorer } from './en/explorer.ts';
import { files, preview } from './en/files.ts';
import { members, quota } from './en/members.ts';
import { navigation, places } from './en/places.ts';
import { sharing } from './en/sharing.ts';
import { signIn } from './en/sign-in.ts';
import { uploads } from './en/uploads.ts';

/**
 * Every text of the page, in English. A translation is another file with the same keys: the type
 * of this one says what it must contain.
 */
export const en = {
  appName: 'Attaché',
  signIn,
  explorer,
  navigation,
  places,
  files,
  preview,
  showMore: 'Show more',
  tryAgain: 'Try again',
  cancel: 'Cancel',
  close: 'Close',
  unreachable: 'The server cannot be reached. Check the connection and try again.',
  retry: {
    unreachable: 'The server cannot be reached. This page tries again by itself.',
    providerUnreachable: 'The identity provider cannot be reached. This page tries again by itself.',
    nextAttempt: 'Next attempt in {seconds} s.',
    trying: 'Trying again …',
    now: 'Try again now',
  },
  colours: {
    label: 'Colours',
    schemes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
  },
  notFound: {
    title: 'Not found',
    address: 'There is nothing at this address.',
    home: 'Go to the projects',
  },
  shortcuts: {
    title: 'Keyboard shortcuts',
    enter: 'Enter',
    escape: 'Esc',
    keys: {
      '/': 'Search',
      u: 'Upload files',
      j: 'Go to the next row',
      k: 'Go to the row before',
      Enter: 'Open the row',
      Escape: 'Close a dialog or a menu',
      '?': 'Show these shortcuts',
    },
    isOn: 'Single keys are shortcuts, except in fields',
  },
  outdated: {
    text: 'This part of the page could not be loaded. The server may have another version of the page by now.',
    reload: 'Load the page again',
  },
  uploads,
  live: {
    light: {
      connecting: 'Connecting …',
      'catching-up': 'Catching up …',
      connected: 'Connected',
      'caught-up': 'Reconnected, nothing was missed',
      reconnecting: 'Reconnecting …',
      stopped: 'Not live: reload the page',
    },
    events: {
      FILE_ADDED: { one: '{who} uploaded {name}', many: '{who} uploaded {count} files' },
      FILE_ATTACHED: { one: '{who} added {name}', many: '{who} added {count} files' },
      FILE_VERSION_ADDED: {
        one: '{who} uploaded a new version of {name}',
        many: '{who} uploaded {count} new versions',
      },
      FILE_VERSION_REMOVED: { one: '{who} removed a version of {name}', many: '{who} removed {count} versions' },
      FILE_UPDATED: { one: '{who} changed {name}', many: '{who} changed {count} files' },
      FILE_DETACHED: { one: '{who} detached {name}', many: '{who} detached {count} files' },
      FILE_REMOVED: { one: '{who} removed {name}', many: '{who} removed {count} files' },
    },
  },
  notifications: { close: 'Close the notification' },
  secret: {
    once: 'Copy it now: it is shown only once.',
    copy: 'Copy',
    copied: 'Copied.',
    failed: 'The browser did not permit it. Select the text and copy it.',
    done: 'Done',
  },
  records: {
    created: 'created',
    expires: 'ends',
    revokedAt: 'revoked',
    revoked: 'Revoked',
    expired: 'Ended',
    revoke: 'Revoke',
    revokeLabel: 'Revoke {name}',
    by: 'by {name}',
  },
  scopeNotice: {
    key: {
      READ: 'This API key can only read, so controls that change something are not shown.',
      WRITE: 'This API key does not permit administration, so its controls are not shown.',
    },
    openid: {
      READ: 'Your sign-in can only read, so controls that change something are not shown.',
      WRITE: 'Your sign-in does not permit administration, so its controls are not shown.',
    },
  },
  account,
  keys,
  unfinishedUploads,
  uploadSessions,
  members,
  quota,
  sharing,
  admin,
  users,
  audit,
  failed: 'The server answered with an error: {message}',
  loading: 'Loading …',
};

export type Messages = typeof en;
