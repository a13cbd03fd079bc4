import { allFiles, attachmentsOn, type FileKey } from '../attachments/list.ts';
import type { Attachment } from '../database/entities/index.ts';
import { type Topic, topicOf } from '../events/hub.ts';
import { reach, refOf, typeOf } from '../workspace/attachable.ts';
import { builder } from './builder.ts';
import { connect, toCursor } from './connection.ts';
import type { GraphQLContext } from './context.ts';
import { FileConnection, FileEdge } from './file.ts';
import { filterOf, includeArg, isDeep, listArgs, orderOf } from './file-list.ts';
import { attachableOf } from './ids.ts';
import { AttachableInterface, FileNode } from './refs.ts';

/** A file where it hangs, as an edge of the list there in its usual order. */
export const edgeOf = (attachment: Attachment) => ({
  cursor: toCursor(['createdAt', attachment.createdAt.getTime(), attachment.id] satisfies FileKey),
  node: attachment.file.unwrap(),
});

/** How the viewer stands to attachables that other resolvers have read, many at a time. */
async function standing(topics: Topic[], context: GraphQLContext) {
  return reach(
    context,
    topics.map((topic) => attachableOf(topic)),
  );
}

builder.interfaceType(AttachableInterface, {
  description: 'Anything that files hang on.',
  interfaces: [builder.nodeInterfaceRef()],
  resolveType: typeOf,
  fields: (t) => ({
    files: t.connection(
      {
        type: FileNode,
        description: 'The files that hang here, each in its newest version.',
        args: { ...listArgs, ...includeArg },
        resolve: async (row, args, context) => {
          const topic = topicOf(refOf(row));
          const on = (await standing([topic], context)).get(topic);
          if (!on) return { edges: [], pageInfo: { hasNextPage: false, hasPreviousPage: false }, count: async () => 0 };
          const list = attachmentsOn(
            context,
            on,
            filterOf(args.filter),
            orderOf(args.orderBy),
            isDeep(args.include, on),
          );
          const connection = await connect(list, args, list.keyOf);
          return {
            ...connection,
            edges: connection.edges.map(({ cursor, node }) => ({ cursor, node: node.file.unwrap() })),
          };
        },
      },
      FileConnection,
      FileEdge,
    ),
    viewerCanAttach: t.loadable({
      type: 'Boolean',
      description: 'Whether you may attach files here, and detach them.',
      resolve: (row) => topicOf(refOf(row)),
      load: async (topics: Topic[], context) => {
        const reached = await standing(topics, context);
        return topics.map((topic) => reached.get(topic)?.canEdit ?? false);
      },
    }),
  }),
});

builder.queryField('files', (t) =>
  t.connection(
    {
      type: FileNode,
      description: 'Every file that you may see, wherever it hangs, each in its newest version.',
      args: listArgs,
      resolve: async (_root, args, context) => {
        const list = allFiles(context, filterOf(args.filter), orderOf(args.orderBy));
        return connect(list, args, list.keyOf);
      },
    },
    FileConnection,
    FileEdge,
  ),
);
