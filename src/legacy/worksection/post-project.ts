import { createAndStoreFiles } from '../../uploads/upload-files.ts';
import { createProject } from '../../workspace/projects.ts';
import type { Call } from './call.ts';
import { encodeProjects } from './project.ts';

/** Creates a project with its files. */
export async function handlePostProject(call: Call): Promise<unknown> {
  const input = { title: call.title(), description: call.text('text') ?? '' };
  const { row } = await createAndStoreFiles(call.ctx, (tx) => createProject(tx, input), call.outcomes, 'reject');
  const [encoded] = await encodeProjects(call.ctx, [row]);
  return encoded;
}
