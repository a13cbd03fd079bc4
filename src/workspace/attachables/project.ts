import { Project, ProjectMember } from '../../database/entities/index.ts';
import type { AttachableDescriptor } from './descriptor.ts';
import { projectRules } from './in-project.ts';

export const project: AttachableDescriptor<Project> = {
  entity: Project,
  table: 'projects',
  ...projectRules,
  canDelete: (_viewer, _row, { canManage }) => canManage,
  deleteDependents: (em, ids) => em.nativeDelete(ProjectMember, { project: { $in: [...ids] } }),
};
