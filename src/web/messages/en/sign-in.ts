/** The texts of the form to sign in. */
export const signIn = {
  title: 'Sign in',
  key: 'API key',
  keyHelp:
    'The first start of the server prints the administrator’s key. Administrators create keys for others under Users.',
  remember: 'Keep me signed in on this device',
  submit: 'Sign in',
  unknownKey: 'The server does not know this key. It may be mistyped, revoked or expired.',
  unreachable: 'The server cannot be reached. Check the connection and try again.',
  ended: 'Your session has ended. Sign in again to continue where you were.',
  notRenewed:
    'Your session has ended: the identity provider renews it without an ID token. Sign in again to continue where you were.',
  signOut: 'Sign out',
  withProvider: 'Sign in with {name}',
  orByKey: 'or with an API key',
  retryProvider: 'Try {name} again',
  providerUnreachable: 'The identity provider cannot be reached at present. Load the page again in a moment.',
  providerRefused: '{name} refused the sign-in: {reason}',
  invalidAnswer: 'The answer of {name} cannot be used, and nobody was signed in: {reason}. Sign in again.',
  notBegun:
    'This answer of an identity provider belongs to no sign-in that this tab has begun. Nobody was signed in. Sign in again.',
  noUsableToken:
    '{name} gave no token that this server can read. Its administrator has to set the audience, or which token is used.',
  needsHttps: 'Signing in with an identity provider needs an https address. An API key works here.',
};
