import { removeAllFiles, removeFile } from '../../attachments/remove-files.ts';
import { findUsers } from '../../auth/users.ts';
import type { AttachableRef, File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { BlobMissingError, PayloadTooLargeError, QuotaExceededError, UnsupportedMediaTypeError } from '../../errors.ts';
import { readContent } from '../../files/download.ts';
import { listAllFiles } from '../../files/list-all.ts';
import { getFileAccess } from '../../files/load-files.ts';
import { receiveInline } from '../../uploads/receive.ts';
import { asOutcome, uploadFiles } from '../../uploads/upload-files.ts';
import { loadAttachable } from '../../workspace/attachable.ts';
import { type Caller, isMissing, orMissing } from './caller.ts';
import { fileRow, type Home, listedRow, projectHome, taskHome } from './file.ts';
import { type Procedure, RpcError } from './json-rpc.ts';
import { base64In, cutAt, idIn, isEmpty, textIn } from './values.ts';

type Args = Readonly<Record<string, unknown>>;

const NAME_BYTES = 255;

/** What is the same for files of tasks and of projects. `placeIn` finds what the arguments name, if anything. */
interface Kind {
  type: 'Task' | 'Project';
  primary(id: number): Home;
  placeIn(args: Args): number | undefined;
}

const ofTask: Kind = { type: 'Task', primary: taskHome, placeIn: ({ task_id }) => idIn(task_id) };
const ofProject: Kind = { type: 'Project', primary: projectHome, placeIn: ({ project_id }) => idIn(project_id) };

/** The file that the arguments name, on something of its kind, if the caller may see it there. */
async function find(caller: Caller, kind: Kind, args: Args): Promise<{ file: Row<File>; on: number } | undefined> {
  const id = idIn(args.file_id);
  const wanted = kind.type === 'Project' ? kind.placeIn(args) : undefined;
  const isNamed = id !== undefined && (kind.type === 'Task' || wanted !== undefined);
  const seen = isNamed ? await orMissing(caller, getFileAccess(caller.ctx, id)) : undefined;
  const place = seen?.places.find(({ ref }) => ref.type === kind.type && (wanted ?? ref.id) === ref.id);
  if (seen && place) return { file: seen.file, on: place.ref.id };
  return isMissing(caller);
}

async function create(caller: Caller, kind: Kind, args: Args): Promise<number | false> {
  const { ctx } = caller;
  const id = kind.placeIn(args);
  const bytes = base64In(args.blob);
  if (isEmpty(bytes)) return false;
  if (id === undefined && kind.type === 'Project')
    throw new RpcError(0, 'Invalid ID provided for file path generation');
  if (id === undefined) return false;
  const on: AttachableRef = { type: kind.type, id };
  const reached = await orMissing(caller, loadAttachable(ctx, on));
  if (!reached || (kind.type === 'Task' && reached.projectId !== idIn(args.project_id))) return false;
  try {
    const name = cutAt(textIn(args.filename), NAME_BYTES);
    await using stack = new AsyncDisposableStack();
    const { files } = await uploadFiles(ctx, {
      options: { on },
      onFailure: 'reject',
      async receive() {
        const file = stack.use(await receiveInline(ctx, { name, contentType: '' }, bytes));
        return { outcomes: [asOutcome(file)] };
      },
    });
    return (files[0] as Row<File>).id;
  } catch (error) {
    // What the server does not take, Kanboard would not have taken either.
    if ([PayloadTooLargeError, UnsupportedMediaTypeError, QuotaExceededError].some((kind) => error instanceof kind))
      return false;
    throw error;
  }
}

async function list(caller: Caller, kind: Kind, args: Args): Promise<object[]> {
  const { ctx, applicationId } = caller;
  const id = kind.placeIn(args);
  const reached = await (id === undefined
    ? isMissing(caller)
    : orMissing(caller, loadAttachable(ctx, { type: kind.type, id })));
  if (!reached) return [];
  const files = await listAllFiles(ctx, reached, { by: 'nameKey' });
  const users = await findUsers(ctx, [...new Set(files.map((file) => file.createdBy.id))]);
  return files.map((file) => listedRow(file, kind.primary(reached.ref.id), applicationId, users));
}

async function get(caller: Caller, kind: Kind, args: Args): Promise<object | null> {
  const found = await find(caller, kind, args);
  return found ? fileRow(found.file, kind.primary(found.on), caller.applicationId) : null;
}

async function download(caller: Caller, kind: Kind, args: Args): Promise<string> {
  const found = await find(caller, kind, args);
  if (!found) return '';
  try {
    return (await readContent(caller.ctx, found.file.id)).toString('base64');
  } catch (error) {
    if (!(error instanceof BlobMissingError)) throw error;
    // Kanboard writes it to its log, too, and answers as for a file that is not there.
    caller.ctx.log.error({ err: error, fileId: found.file.id }, 'the bytes of a file are missing');
    return '';
  }
}

async function remove(caller: Caller, kind: Kind, args: Args): Promise<boolean> {
  const found = await find(caller, kind, args);
  if (!found) return false;
  await removeFile(caller.ctx, found.file.id);
  return true;
}

async function removeAll(caller: Caller, kind: Kind, args: Args): Promise<true> {
  const id = kind.placeIn(args);
  if (id === undefined) isMissing(caller);
  else await orMissing(caller, removeAllFiles(caller.ctx, { type: kind.type, id }));
  return true;
}

const procedure = (
  act: (caller: Caller, kind: Kind, args: Args) => Promise<unknown>,
  kind: Kind,
  ...params: string[]
): Procedure<Caller> => ({ params, run: (caller, args) => act(caller, kind, args) });

export const fileProcedures: Readonly<Record<string, Procedure<Caller>>> = {
  createTaskFile: procedure(create, ofTask, 'project_id', 'task_id', 'filename', 'blob'),
  getAllTaskFiles: procedure(list, ofTask, 'task_id'),
  getTaskFile: procedure(get, ofTask, 'file_id'),
  downloadTaskFile: procedure(download, ofTask, 'file_id'),
  removeTaskFile: procedure(remove, ofTask, 'file_id'),
  removeAllTaskFiles: procedure(removeAll, ofTask, 'task_id'),

  createProjectFile: procedure(create, ofProject, 'project_id', 'filename', 'blob'),
  getAllProjectFiles: procedure(list, ofProject, 'project_id'),
  getProjectFile: procedure(get, ofProject, 'project_id', 'file_id'),
  downloadProjectFile: procedure(download, ofProject, 'project_id', 'file_id'),
  removeProjectFile: procedure(remove, ofProject, 'project_id', 'file_id'),
  removeAllProjectFiles: procedure(removeAll, ofProject, 'project_id'),
};
