import { signLink } from '../../auth/signed-links.ts';
import type { Attachment, File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { topicOf } from '../../events/topic.ts';
import { listAttachments, listFiles } from '../../files/list-files.ts';
import { refOf, typeOf } from '../../workspace/attachable.ts';
import { accessOfRow } from '../access-loader.ts';
import { builder } from '../builder.ts';
import { connect, LazyEdge } from '../connection.ts';
import { isSelected } from '../is-selected.ts';
import { loadUsersOf } from '../people/loaded-users.ts';
import { AttachableInterface, FileNode } from '../refs.ts';
import { FileConnection, FileEdge } from './file.ts';
import { cursorOfFile, filterOf, includeArg, isDeep, listArgs, orderOf } from './file-list.ts';

/**
 * An attached file as an edge of its attachable's list in the default order. A file that is not
 * among `files` is loaded.
 */
export const edgeOf = (attachment: Row<Attachment>, files: readonly Row<File>[]) => ({
  cursor: cursorOfFile({ id: attachment.file.id, createdAt: attachment.createdAt }),
  node: files.find(({ id }) => id === attachment.file.id) ?? attachment.file.id,
});

builder.interfaceType(AttachableInterface, {
  description: 'An object that files can be attached to: a project, task, comment, contact, opportunity or case.',
  interfaces: [builder.nodeInterfaceRef()],
  resolveType: typeOf,
  fields: (t) => ({
    files: t.connection(
      {
        type: FileNode,
        description: 'The files that are attached to this object, each in its newest version.',
        args: { ...listArgs, ...includeArg },
        resolve: async (row, args, context, info) => {
          const topic = topicOf(refOf(row));
          // Read before the page: an event in between is delivered again rather than missed.
          const eventCursor = isSelected(info, 'eventCursor') ? await context.events.cursorOf(topic) : undefined;
          const on = await accessOfRow(row, context, info);
          if (!on) return { edges: [], pageInfo: { hasNextPage: false, hasPreviousPage: false }, count: async () => 0 };
          const list = listAttachments(
            context,
            on,
            filterOf(args.filter),
            orderOf(args.orderBy),
            isDeep(args.include, on),
          );
          const connection = await connect(context, list, args, list.keyOf);
          await loadUsersOf(
            context,
            info,
            'createdBy',
            connection.edges.map(({ node }) => node.file),
          );
          return {
            ...connection,
            eventCursor,
            edges: connection.edges.map((edge) => new LazyEdge(edge.node.file, () => edge.cursor)),
          };
        },
      },
      FileConnection,
      FileEdge,
    ),
    zipUrl: t.string({
      description:
        'URL of a ZIP archive of the files that are attached to this object, each in its newest version. With ' +
        '`expiresIn`, a signed link as in `File.url`.',
      args: {
        expiresIn: t.arg.int({
          description:
            'Lifetime of a signed link in seconds, 1 to 604,800 (one week). When omitted, the URL is not signed.',
        }),
      },
      resolve: (row, { expiresIn }, context) => {
        const topic = topicOf(refOf(row));
        const url = `${context.publicUrl}/files/zip?on=${topic}`;
        return expiresIn == null ? url : `${url}&token=${signLink(context, `archive ${topic}`, expiresIn)}`;
      },
    }),
    viewerCanAttach: t.boolean({
      description: 'Whether you may attach files to this object and detach them.',
      resolve: async (row, _args, context, info) => (await accessOfRow(row, context, info))?.canEdit ?? false,
    }),
  }),
});

builder.queryField('files', (t) =>
  t.connection(
    {
      type: FileNode,
      description: 'All files that you may see, attached or not, each in its newest version.',
      args: listArgs,
      resolve: async (_root, args, context, info) => {
        const list = listFiles(context, filterOf(args.filter), orderOf(args.orderBy));
        const connection = await connect(context, list, args, list.keyOf);
        const files = connection.edges.map(({ node }) => node);
        await loadUsersOf(context, info, 'createdBy', files);
        return connection;
      },
    },
    FileConnection,
    FileEdge,
  ),
);
