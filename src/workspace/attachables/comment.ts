import { canChangeComment } from '../../auth/permissions.ts';
import { Comment } from '../../database/entities/index.ts';
import type { AttachableDescriptor } from './descriptor.ts';
import { projectRules } from './in-project.ts';

export const comment: AttachableDescriptor<Comment> = {
  entity: Comment,
  table: 'comments',
  parent: { type: 'Task', property: 'task' },
  ...projectRules,
  canDelete: (viewer, { createdBy }, rights) => canChangeComment(viewer, createdBy.id, rights),
  deleteRefusal: 'Only its author and the owners of the project delete a comment.',
};
