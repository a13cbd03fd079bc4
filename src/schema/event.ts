import { listen } from '../attachments/listen.ts';
import type { FileEvent } from '../events/hub.ts';
import { reachOne } from '../workspace/attachable.ts';
import { edgeOf } from './attachable.ts';
import { builder } from './builder.ts';
import { FileEdge } from './file.ts';
import { attachableOf } from './ids.ts';
import { AttachableInterface, FileNode, UserNode } from './refs.ts';

const FileAdded = builder.objectRef<FileEvent>('FileAdded').implement({
  description: 'A file appeared somewhere: it was uploaded there, or attached by its id.',
  fields: (t) => ({
    file: t.field({
      type: FileNode,
      description: 'The file, as it was then.',
      resolve: (event) => event.attachment.file.unwrap(),
    }),
    fileEdge: t.field({
      type: FileEdge,
      description: 'The same as an edge of the list it was added to, so that a cache can append it.',
      resolve: (event) => edgeOf(event.attachment),
    }),
    on: t.field({
      type: AttachableInterface,
      description: 'Where it hangs now: what you listen to, or a task or comment of that project.',
      resolve: async (event, _args, context) => (await reachOne(context, event.on)).row,
    }),
    actor: t.field({ type: UserNode, description: 'Who did it.', resolve: (event) => event.actorId }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was done.' }),
  }),
});

builder.subscriptionField('fileAdded', (t) =>
  t.field({
    type: FileAdded,
    description:
      'Each file that appears on something, from now on; on a project, also on its tasks and comments. ' +
      'An event comes only after its file is safely stored.',
    args: {
      on: t.arg.id({ required: true, description: 'What to listen to, as in `Task:1`, `Project:1` or `Contact:1`.' }),
    },
    subscribe: (_root, args, context) => listen(context, attachableOf(args.on)),
    resolve: (event) => event,
  }),
);
