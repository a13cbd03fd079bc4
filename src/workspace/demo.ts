import type { Context } from '../context.ts';
import { createComment } from './comments.ts';
import { createContact, createTitled } from './entities.ts';
import { createProject } from './projects.ts';
import { createTask } from './tasks.ts';

/**
 * The demo workspace: a project with two tasks and a comment, a contact, an opportunity, a case.
 */
export async function createDemo(ctx: Context): Promise<void> {
  const project = await createProject(ctx, {
    title: 'Website relaunch',
    description: 'A project to try things on. Delete it when you like.',
  });
  const design = await createTask(ctx, {
    projectId: project.id,
    title: 'Design the start page',
    description: 'Sketches go here.',
  });
  await createTask(ctx, { projectId: project.id, title: 'Write the texts', description: '' });
  await createComment(ctx, { taskId: design.id, body: 'The first sketch is attached.' });
  await createContact(ctx, { displayName: 'Ada Lovelace', isCompany: false });
  await createTitled(ctx, 'Opportunity', { title: 'Analytical engine for the post office' });
  await createTitled(ctx, 'Case', { title: 'The engine skips a tooth' });
}
