import type { IncomingMessage, ServerResponse } from 'node:http';
import { excerpt } from '../../errors.ts';
import type { Handler, LegacyApi, LegacyOptions } from '../api.ts';
import { type Call, WorksectionError } from './call.ts';
import { handleDownload } from './download.ts';
import { handleGetFiles } from './get-files.ts';
import { handleGetProjects } from './get-projects.ts';
import { handleGetTasks } from './get-tasks.ts';
import { handlePostComment } from './post-comment.ts';
import { handlePostProject } from './post-project.ts';
import { handlePostTask } from './post-task.ts';
import { readCall } from './read-call.ts';
import { errorResponse, okResponse } from './response.ts';
import { handleUpdateTask } from './update-task.ts';

/** Returns the response's `data`, or undefined if it has sent a file. */
type Action = (call: Call) => Promise<unknown>;

const actions: Readonly<Record<string, Action>> = {
  download: (call) => handleDownload(call, call.id('id_file', 'file')),
  get_files: handleGetFiles,
  get_projects: handleGetProjects,
  get_tasks: handleGetTasks,
  post_comment: handlePostComment,
  post_project: handlePostProject,
  post_task: handlePostTask,
  update_task: handleUpdateTask,
};

/** Worksection's calls around files: https://worksection.com/en/faq/api-files.html */
export function openWorksection(options: LegacyOptions): LegacyApi {
  return {
    handlerOf(method, path) {
      const [, fileId] = /^\/download\/(\d+)\/?$/.exec(path) ?? [];
      if (fileId && (method === 'GET' || method === 'HEAD')) return downloadHandler(options, fileId);
      const isCall = /^\/api\/admin\/v2\/?$/.test(path);
      return isCall ? (request, response) => serve(options, request, response) : undefined;
    },
  };
}

/** `/download/ID` is the action `download` of that file. */
const downloadHandler =
  (options: LegacyOptions, fileId: string): Handler =>
  (request, response) =>
    serve(options, request, response, { action: 'download', id_file: fileId });

async function serve(
  options: LegacyOptions,
  request: IncomingMessage,
  response: ServerResponse,
  fixed?: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    const { method = '' } = request;
    if (!['GET', 'HEAD', 'POST'].includes(method)) throw new WorksectionError(1, 'Action is invalid', method);
    await using call = await readCall({ options, request, response }, fixed);
    const action = Object.hasOwn(actions, call.action) ? actions[call.action] : undefined;
    if (!action) throw new WorksectionError(1, 'Action is invalid', excerpt(call.action));
    const data = await action(call);
    if (data !== undefined) await options.respond(request, response, okResponse(data));
  } catch (error) {
    if (response.headersSent) throw error;
    await options.respond(request, response, errorResponse(error, options.log));
  }
}
