import type { IncomingMessage, ServerResponse } from 'node:http';
import { excerpt } from '../../errors.ts';
import type { Handler, LegacyApi, LegacyOptions } from '../api.ts';
import { type Call, WorksectionError } from './call.ts';
import { sendFile } from './download.ts';
import { getFiles } from './get-files.ts';
import { getProjects } from './get-projects.ts';
import { getTasks } from './get-tasks.ts';
import { postComment } from './post-comment.ts';
import { postProject } from './post-project.ts';
import { postTask } from './post-task.ts';
import { readCall } from './read-call.ts';
import { errorResponse, okResponse } from './response.ts';
import { updateTask } from './update-task.ts';

/** Returns the response's `data`, or undefined if it has sent a file. */
type Action = (call: Call) => Promise<unknown>;

const actions: Readonly<Record<string, Action>> = {
  download: (call) => sendFile(call, call.id('id_file', 'file')),
  get_files: getFiles,
  get_projects: getProjects,
  get_tasks: getTasks,
  post_comment: postComment,
  post_project: postProject,
  post_task: postTask,
  update_task: updateTask,
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
