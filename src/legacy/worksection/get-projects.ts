import { listProjects } from '../../workspace/projects.ts';
import { listAllRows } from '../list-all-rows.ts';
import type { Call } from './call.ts';
import { encodeProjects } from './project.ts';

/** All projects that the caller may see. */
export const handleGetProjects = async ({ ctx }: Call): Promise<unknown> =>
  encodeProjects(ctx, await listAllRows(ctx, listProjects(ctx)));
