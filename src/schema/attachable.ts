import { attachmentsOn } from '../attachments/read.ts';
import type { Attachment } from '../database/entities/index.ts';
import { type Topic, topicOf } from '../events/hub.ts';
import { reach, refOf, typeOf } from '../workspace/attachable.ts';
import { builder } from './builder.ts';
import { connect, toCursor } from './connection.ts';
import { FileConnection, FileEdge } from './file.ts';
import { attachableOf } from './ids.ts';
import { AttachableInterface, FileNode } from './refs.ts';

/** A file where it hangs, as an edge of the list there. */
export const edgeOf = (attachment: Attachment) => ({
  cursor: toCursor(attachment.id),
  node: attachment.file.unwrap(),
});

builder.interfaceType(AttachableInterface, {
  description: 'Anything that files hang on.',
  interfaces: [builder.nodeInterfaceRef()],
  resolveType: typeOf,
  fields: (t) => ({
    files: t.connection(
      {
        type: FileNode,
        description: 'The files that hang here, in the order in which they were attached.',
        resolve: async (row, args, context) => {
          const connection = await connect(attachmentsOn(context, refOf(row)), args, (attachment) => attachment.id);
          return { ...connection, edges: connection.edges.map((edge) => edgeOf(edge.node)) };
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
        const reached = await reach(
          context,
          topics.map((topic) => attachableOf(topic)),
        );
        return topics.map((topic) => reached.get(topic)?.canEdit ?? false);
      },
    }),
  }),
});
