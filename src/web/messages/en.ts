/**
 * Every text of the page, in English. A translation is another file with the same keys: the type
 * of this one says what it must contain.
 */
export const en = {
  appName: 'Attaché',
  signIn: {
    title: 'Sign in',
    key: 'API key',
    keyHelp:
      'The first start of the server prints the administrator’s key. Administrators create keys for others under Users.',
    remember: 'Keep me signed in on this device',
    submit: 'Sign in',
    unknownKey: 'The server does not know this key. It may be mistyped, revoked or expired.',
    unreachable: 'The server cannot be reached. Check the connection and try again.',
    signOut: 'Sign out',
  },
  navigation: {
    label: 'Places',
    projects: 'Projects',
    contacts: 'Contacts',
    opportunities: 'Opportunities',
    cases: 'Cases',
    files: 'Files',
    skip: 'Skip to the content',
    menu: 'Show or hide the navigation',
  },
  theme: { toLight: 'Switch to light colours', toDark: 'Switch to dark colours' },
  places: {
    path: 'Path',
    files: 'Files',
    comment: 'Comment',
    missing: 'This does not exist, or you may not see it.',
  },
  files: {
    units: ['B', 'KiB', 'MiB', 'GiB', 'TiB'],
    size: '{value} {unit}',
    name: 'Name',
    sizeColumn: 'Size',
    uploaded: 'Uploaded',
    select: 'Select {name}',
    selectAll: 'Select all that are shown',
    version: 'version {version}',
    unavailable: 'hidden from others',
    statuses: { PENDING: 'Waits for review', APPROVED: 'Approved', REQUIRED: 'To be redone' },
    none: 'No files yet.',
    showMore: 'Show more',
    tryAgain: 'Try again',
  },
  failed: 'The server answered with an error: {message}',
  loading: 'Loading …',
};

export type Messages = typeof en;
