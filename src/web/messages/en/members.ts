/** The texts of the members and the quota of a project. */
export const members = {
  title: 'Members',
  none: 'No members.',
  missing: 'This project does not exist, or you may not see it.',
  add: 'Add a member',
  addIt: 'Add',
  user: 'Email address, or id of the user',
  userHelp: 'As in ada@example.com or User:2.',
  userToAdd: 'User',
  isMember: 'a member already',
  role: 'Role',
  roleOf: 'Role of {name}',
  roles: { VIEWER: 'Viewer', EDITOR: 'Editor', OWNER: 'Owner' },
  roleChoices: {
    VIEWER: 'Viewer: reads',
    EDITOR: 'Editor: also changes tasks, comments and files',
    OWNER: 'Owner: also changes the project and its members',
  },
  remove: 'Remove',
  removeLabel: 'Remove {name}',
  removeTitle: 'Remove the member?',
  removeQuestion: '“{name}” no longer sees this project, nor the files uploaded there.',
};

export const quota = {
  title: 'Quota',
  change: 'Change the quota',
  save: 'Save',
  bytes: 'Size of all files',
  files: 'Number of files',
  bytesHelp: 'As in 500 MiB. Empty: the default of the server.',
  filesHelp: 'Empty: the default of the server.',
  ofMax: '{used} of {max}',
  unlimited: '{used}, no limit',
  notASize: 'Write a size as in 500 MiB.',
  notACount: 'Write a whole number.',
};
