import { pendingFilesOf, uploadSessionsOf } from '../../uploads/open-sessions.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { connect } from '../connection.ts';
import { UploadSessionNode, UserNode } from '../refs.ts';

const pendingFiles = batchLoader<number, number>(async (ids, context) => {
  const counts = await pendingFilesOf(context, ids);
  return ids.map((id) => counts.get(id) ?? 0);
});

builder.objectType(UploadSessionNode, {
  description:
    'An open upload session: its files are announced together when it ends. Its token, with which its user finishes ' +
    'it, is not readable. For the user and administrators.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The numeric part of `id`, as in `1`.' }),
    openedAt: t.expose('openedAt', { type: 'DateTime', description: 'Time at which it was opened.' }),
    lastUsedAt: t.expose('usedAt', {
      type: 'DateTime',
      description:
        'Time of its last upload or `startUploadSession`. The session ends when it was idle for the ' +
        'time limit of the server, 5 minutes unless configured otherwise.',
    }),
    pendingFiles: t.int({
      description: 'Number of files that are announced when it ends, as in `3`. They are stored, and lists show them.',
      resolve: (session, _args, context) => pendingFiles(session.id, context),
    }),
  }),
});

const UploadSessionEdge = builder.edgeObject({
  name: 'UploadSessionEdge',
  description: 'An open upload session in a list.',
  type: UploadSessionNode,
});

builder.objectField(UserNode, 'uploadSessions', (t) =>
  t.connection(
    {
      type: UploadSessionNode,
      nullable: true,
      description:
        'Open upload sessions of the user, oldest first. Null unless you are the user or an administrator with a key ' +
        'of the scope ADMIN.',
      resolve: (user, args, context) => {
        const list = uploadSessionsOf(context, user.id);
        return list && connect(context, list, args, (session) => session.id);
      },
    },
    { name: 'UploadSessionConnection', description: 'A page of upload sessions.' },
    UploadSessionEdge,
  ),
);
