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
    ended: 'Your session has ended. Sign in again to continue where you were.',
    signOut: 'Sign out',
  },
  navigation: {
    label: 'Places',
    projects: 'Projects',
    skip: 'Skip to the content',
    menu: 'Show or hide the navigation',
  },
  theme: { toLight: 'Switch to light colours', toDark: 'Switch to dark colours' },
  failed: 'The server answered with an error: {message}',
  loading: 'Loading …',
};

export type Messages = typeof en;
