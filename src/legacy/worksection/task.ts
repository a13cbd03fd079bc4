import type { RequestContext } from '../../context.ts';
import type { Project, Task, TaskPriority } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { topicOf } from '../../events/topic.ts';
import { loadAttachables } from '../../workspace/attachable.ts';
import { responsiblesOf } from '../../workspace/tasks.ts';
import { encodeDateTime, encodeDay } from './date-time.ts';
import { encodeProjectLink } from './project.ts';
import { encodeUsers, NO_ONE } from './user.ts';

/** Priorities go from 0 to 10: https://worksection.com/en/faq/api-tasks.html */
const priorities: Record<TaskPriority, string> = { LOW: '0', NORMAL: '1', HIGH: '10' };

export function decodePriority(text: string | undefined): TaskPriority | undefined {
  if (text === undefined || !/^\d{1,2}$/.test(text)) return undefined;
  return text === '0' ? 'LOW' : Number(text) > 5 ? 'HIGH' : 'NORMAL';
}

/** Encodes tasks that the viewer may see, in their order. */
export async function encodeTasks(ctx: RequestContext, tasks: readonly Row<Task>[]) {
  if (tasks.length === 0) return [];
  const ids = tasks.map((task) => task.id);
  const responsibles = await responsiblesOf(ctx, ids);
  const assigneeOf = (task: Row<Task>) => responsibles.get(task.id)?.[0];
  const userOf = await encodeUsers(
    ctx,
    tasks.flatMap((task) => [task.createdBy.id, assigneeOf(task) ?? []].flat()),
  );
  const refs = tasks.map((task) => ({ type: 'Project', id: task.project.id }) as const);
  const projects = await loadAttachables(ctx, refs);
  return tasks.map((task) => {
    const to = assigneeOf(task);
    const projectId = task.project.id;
    return {
      id: String(task.id),
      name: task.title,
      page: `/project/${projectId}/${task.id}/`,
      status: task.isClosed ? 'done' : 'active',
      priority: priorities[task.priority as TaskPriority],
      user_from: userOf(task.createdBy.id),
      user_to: to === undefined ? NO_ONE : userOf(to),
      project: encodeProjectLink(projects.get(topicOf({ type: 'Project', id: projectId }))?.row as Row<Project>),
      ...(task.description ? { text: task.description } : {}),
      date_added: encodeDateTime(task.createdAt),
      ...(task.deadline ? { date_end: encodeDay(task.deadline) } : {}),
    };
  });
}

/** Encodes one task. */
export async function encodeTask(ctx: RequestContext, task: Row<Task>) {
  const [encoded] = await encodeTasks(ctx, [task]);
  return encoded;
}
