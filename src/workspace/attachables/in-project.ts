import { inProject } from '../../auth/access-sql.ts';
import {
  canEditProject,
  canManageProject,
  canSeeProject,
  isEditorOfProject,
  type Viewer,
} from '../../auth/permissions.ts';
import type { AccessFacts, Rights } from './descriptor.ts';

/** The rules that projects, tasks and comments share: the viewer's role in the project decides. */
export const projectRules = {
  conditions: inProject,
  rights: (viewer: Viewer, _row: unknown, { role }: AccessFacts): Rights => ({
    canSee: canSeeProject(viewer, role),
    isEditor: isEditorOfProject(viewer, role),
    canEdit: canEditProject(viewer, role),
    canManage: canManageProject(viewer, role),
  }),
};
