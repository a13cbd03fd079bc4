/** The texts of the view of an account. */
export const account = {
  title: 'Account',
  noEmail: 'No email address',
  administrator: 'Administrator',
  service: 'Service account',
  user: 'User',
  changeName: 'Change the name',
  name: 'Name',
  save: 'Save',
  managedName: 'The name comes from the identity provider, and is changed there.',
};

export const keys = {
  title: 'API keys',
  none: 'No API keys.',
  create: 'Create an API key',
  submit: 'Create',
  name: 'Name',
  nameHelp: 'What it is for, as in “the build server”.',
  scope: 'What it permits',
  scopes: { READ: 'read', WRITE: 'read and change', ADMIN: 'administer' },
  scopeChoices: {
    READ: 'Read',
    WRITE: 'Read and change',
    ADMIN: 'Read, change and administer',
  },
  expiry: 'Ends',
  expiryHelp: 'No later than the key or session with which you create it.',
  days: 'in {days} days',
  noExpiry: 'no end of its own',
  used: 'last used',
  unused: 'not used yet',
  secretTitle: 'API key “{name}”',
  secretHelp: 'Programs send it as “Authorization: Bearer KEY”. Anyone who has it acts in your name.',
  secretHelpFor: 'Programs send it as “Authorization: Bearer KEY”. Anyone who has it acts in the name of {name}.',
  revoke: 'Revoke',
  revokeTitle: 'Revoke the API key?',
  revokeQuestion:
    'Programs that use “{name}” stop working at once. This cannot be undone. If you signed in with this key, you are signed out.',
};

export const unfinishedUploads = {
  title: 'Unfinished uploads',
  help: 'Their bytes count towards the limit of unfinished uploads, also those of guests with upload tokens.',
  none: 'No unfinished uploads.',
  received: '{received} of {size}',
  receivedSoFar: '{received} so far',
  progress: 'Progress of {name}',
  on: 'for {place}',
  guest: 'by a guest with {token}',
  started: 'started',
  expires: 'expires',
  cancel: 'Cancel the upload',
  cancelLabel: 'Cancel the upload of {name}',
  keep: 'Keep it',
  cancelTitle: 'Cancel the upload?',
  cancelQuestion: 'What the server has received of “{name}” is deleted. This cannot be undone.',
};

export const uploadSessions = {
  title: 'Open upload sessions',
  help: 'The files of a session are announced together, when its client finishes it or when it has been idle for long.',
  none: 'No open upload sessions.',
  pendingFiles: 'files to announce: {count}',
  opened: 'opened',
  used: 'last used',
};
