import { parse } from 'graphql';
import { ask } from './client.ts';
import { uploadFiles } from './files.ts';
import type { TestServer } from './server.ts';

const TASKS_AT_ONCE = 50;

/**
 * A project with tasks, and unattached files. Attaching each file to each task emits many events.
 */
export interface Crowd {
  projectId: string;
  /** A task of the project for the uploads that detect whether a subscription is open. */
  probeTaskId: string;
  taskIds: string[];
  fileIds: string[];
}

export async function createCrowd(
  server: TestServer,
  { tasks, files }: { tasks: number; files: number },
): Promise<Crowd> {
  const { createProject } = await run<{ createProject: { project: { id: string } } }>(
    server,
    'mutation { createProject(input: { title: "Crowd" }) { project { id } } }',
  );
  const projectId = createProject.project.id;
  const taskIds: string[] = [];
  while (taskIds.length <= tasks) {
    const fields = repeat(
      TASKS_AT_ONCE,
      () => `createTask(input: { projectId: "${projectId}", title: "T" }) { task { id } }`,
    );
    const made = await run<Record<string, { task: { id: string } }>>(server, `mutation { ${fields} }`);
    taskIds.push(...Object.values(made).map(({ task }) => task.id));
  }
  const [probeTaskId = '', ...others] = taskIds.slice(0, tasks + 1);
  const parts = Array.from({ length: files }, (_, index) => ({ name: `${index}.txt`, content: String(index) }));
  const stored = (await uploadFiles(server, null, parts)).files;
  return { projectId, probeTaskId, taskIds: others, fileIds: stored.map((file) => file.id) };
}

/**
 * Attaches every file to every task in one request. Returns the expected events in order, each as
 * `File:1 on Task:2`.
 */
export async function attachAll(server: TestServer, { fileIds }: Crowd, taskIds: string[]): Promise<string[]> {
  const ids = JSON.stringify(fileIds);
  const fields = repeat(
    taskIds.length,
    (index) => `attachTaskFiles(input: { taskId: "${taskIds[index]}", fileIds: ${ids} }) { filesCount }`,
  );
  await run(server, `mutation { ${fields} }`);
  return taskIds.flatMap((taskId) => fileIds.map((fileId) => `${fileId} on ${taskId}`));
}

const run = <Data>(server: TestServer, query: string) => ask(server, parse(query) as never) as Promise<Data>;

const repeat = (times: number, field: (index: number) => string) =>
  Array.from({ length: times }, (_, index) => `f${index}: ${field(index)}`).join(' ');
