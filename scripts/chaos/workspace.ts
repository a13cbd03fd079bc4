import { type Endpoint, send } from './send.ts';

/** The key of the administrator, which all clients use. */
export const KEY = 'the-administrator-of-the-chaos';

/** The project and its tasks that receive the files. */
export interface Workspace {
  projectId: string;
  taskIds: string[];
}

export async function makeWorkspace(server: Endpoint, tasks: number): Promise<Workspace> {
  const { createProject } = await send<{ createProject: { project: { id: string } } }>(
    server,
    KEY,
    'mutation { createProject(input: { title: "Chaos" }) { project { id } } }',
  );
  const projectId = createProject.project.id;
  const taskIds: string[] = [];
  while (taskIds.length < tasks) {
    const { createTask } = await send<{ createTask: { task: { id: string } } }>(
      server,
      KEY,
      'mutation ($projectId: ID!) { createTask(input: { projectId: $projectId, title: "T" }) { task { id } } }',
      { projectId },
    );
    taskIds.push(createTask.task.id);
  }
  return { projectId, taskIds };
}
