import { canChangeFile, canRemoveFile, canReviewFile } from '../../auth/permissions.ts';
import type { File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { type FileAccess, loadFileAccess, permissionFactsOf } from '../../files/load-files.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { FileNode } from '../refs.ts';

/** Loads the viewer's rights on a file; undefined when it was removed or the viewer lost it. */
const accessOfFile = batchLoader<number, FileAccess | undefined>(async (ids, context) => {
  const loaded = await loadFileAccess(context, ids);
  return ids.map((id) => loaded.get(id));
});

/** Whether each of the rules permits its action on a file. */
async function isPermitted(
  { id }: Row<File>,
  context: GraphQLContext,
  ...rules: (typeof canChangeFile)[]
): Promise<boolean> {
  const access = await accessOfFile(id, context);
  if (!access) return false;
  return rules.every((rule) => rule(context.viewer, permissionFactsOf(access.file), access.rights));
}

builder.objectFields(FileNode, (t) => ({
  canEdit: t.boolean({
    description:
      'Whether you may change the name and availability of this version, and, if it is the newest, upload the ' +
      'next version.',
    resolve: (file, _args, context) => isPermitted(file, context, canChangeFile),
  }),
  canReview: t.boolean({
    description: 'Whether you may set the review status of this version.',
    resolve: (file, _args, context) => isPermitted(file, context, canChangeFile, canReviewFile),
  }),
  canRemove: t.boolean({
    description:
      'Whether you may remove this version. To remove the file with all its versions, you need this right on ' +
      'each of them.',
    resolve: (file, _args, context) => isPermitted(file, context, canRemoveFile),
  }),
}));
