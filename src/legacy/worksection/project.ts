import type { RequestContext } from '../../context.ts';
import type { Project } from '../../database/entities/index.ts';
import { encodeDateTime } from './date-time.ts';
import { encodeUsers } from './user.ts';

/** A project as it is referred to by a task. */
export const encodeProjectLink = ({ id, title }: Pick<Project, 'id' | 'title'>) => ({
  id: String(id),
  name: title,
  page: `/project/${id}/`,
});

/** Encodes projects in their order. */
export async function encodeProjects(ctx: RequestContext, projects: readonly Project[]) {
  if (projects.length === 0) return [];
  const userOf = await encodeUsers(
    ctx,
    projects.map((project) => project.createdBy.id),
  );
  return projects.map((project) => {
    const user = userOf(project.createdBy.id);
    const state = { status: 'active', priority: '1', user_from: user, user_to: user };
    return { ...encodeProjectLink(project), ...state, date_added: encodeDateTime(project.createdAt) };
  });
}
