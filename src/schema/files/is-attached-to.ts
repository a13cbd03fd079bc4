import { areAttached, type FileOnPlace } from '../../files/attached-files.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { attachableOf } from '../ids.ts';
import { FileNode } from '../refs.ts';

const isAttached = batchLoader<FileOnPlace, boolean>((pairs, context) => areAttached(context, pairs));

builder.objectField(FileNode, 'isAttachedTo', (t) =>
  t.boolean({
    description:
      'Whether the file is attached to an object, whichever its version. False when you may not see the object, or ' +
      'when there is none.',
    args: { on: t.arg.id({ required: true, description: 'Id of the object, as in `Task:1`.' }) },
    resolve: (file, { on }, context) => isAttached({ fileId: file.id, on: attachableOf(on) }, context),
  }),
);
