import { removeAllFiles, removeFile } from '../../attachments/remove-files.ts';
import { findUsers } from '../../auth/users.ts';
import type { AttachableRef, File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { BlobMissingError, PayloadTooLargeError, QuotaExceededError, UnsupportedMediaTypeError } from '../../errors.ts';
import { readContent } from '../../files/download.ts';
import { listAllFiles } from '../../files/list-all.ts';
import { getFileAccess } from '../../files/load-files.ts';
import { receiveInline } from '../../uploads/receive.ts';
import { toReceiveOutcome, uploadFiles } from '../../uploads/upload-files.ts';
import { loadAttachable } from '../../workspace/attachable.ts';
import { type Caller, findOrMissing, missing } from './authenticate.ts';
import { encodeFile, encodeListedFile, type FileParent, projectParent, taskParent } from './file.ts';
import { type Procedure, RpcError } from './json-rpc.ts';
import { decodePhpBase64, isEmpty, parsePhpId, toText, truncateBytes } from './php-values.ts';

type Args = Readonly<Record<string, unknown>>;

const MAX_NAME_BYTES = 255;

/** What differs between files of tasks and of projects. `idFrom` parses the parent's id. */
interface ParentType {
  type: 'Task' | 'Project';
  parentOf(id: number): FileParent;
  idFrom(args: Args): number | undefined;
}

const taskFiles: ParentType = { type: 'Task', parentOf: taskParent, idFrom: ({ task_id }) => parsePhpId(task_id) };
const projectFiles: ParentType = {
  type: 'Project',
  parentOf: projectParent,
  idFrom: ({ project_id }) => parsePhpId(project_id),
};

/** Finds the file of the arguments on a parent of its type, if the caller may see it there. */
async function find(
  caller: Caller,
  kind: ParentType,
  args: Args,
): Promise<{ file: Row<File>; on: number } | undefined> {
  const id = parsePhpId(args.file_id);
  const wanted = kind.type === 'Project' ? kind.idFrom(args) : undefined;
  const isNamed = id !== undefined && (kind.type === 'Task' || wanted !== undefined);
  const seen = isNamed ? await findOrMissing(caller, getFileAccess(caller.ctx, id)) : undefined;
  const place = seen?.places.find(({ ref }) => ref.type === kind.type && (wanted ?? ref.id) === ref.id);
  if (seen && place) return { file: seen.file, on: place.ref.id };
  return missing(caller);
}

async function create(caller: Caller, kind: ParentType, args: Args): Promise<number | false> {
  const { ctx } = caller;
  const id = kind.idFrom(args);
  const bytes = decodePhpBase64(args.blob);
  if (isEmpty(bytes)) return false;
  if (id === undefined && kind.type === 'Project')
    throw new RpcError(0, 'Invalid ID provided for file path generation');
  if (id === undefined) return false;
  const on: AttachableRef = { type: kind.type, id };
  const access = await findOrMissing(caller, loadAttachable(ctx, on));
  if (!access || (kind.type === 'Task' && access.projectId !== parsePhpId(args.project_id))) return false;
  try {
    const name = truncateBytes(toText(args.filename), MAX_NAME_BYTES);
    await using stack = new AsyncDisposableStack();
    const { files } = await uploadFiles(ctx, {
      options: { on },
      onFailure: 'reject',
      async receive() {
        const file = stack.use(await receiveInline(ctx, { name, contentType: '' }, bytes));
        return { outcomes: [toReceiveOutcome(file)] };
      },
    });
    return (files[0] as Row<File>).id;
  } catch (error) {
    // Kanboard returns false for a file that it rejects.
    if ([PayloadTooLargeError, UnsupportedMediaTypeError, QuotaExceededError].some((kind) => error instanceof kind))
      return false;
    throw error;
  }
}

async function list(caller: Caller, kind: ParentType, args: Args): Promise<object[]> {
  const { ctx, applicationId } = caller;
  const id = kind.idFrom(args);
  const access = await (id === undefined
    ? missing(caller)
    : findOrMissing(caller, loadAttachable(ctx, { type: kind.type, id })));
  if (!access) return [];
  const files = await listAllFiles(ctx, access, { by: 'nameKey' });
  const users = await findUsers(ctx, [...new Set(files.map((file) => file.createdBy.id))]);
  return files.map((file) => encodeListedFile(file, kind.parentOf(access.ref.id), applicationId, users));
}

async function get(caller: Caller, kind: ParentType, args: Args): Promise<object | null> {
  const found = await find(caller, kind, args);
  return found ? encodeFile(found.file, kind.parentOf(found.on), caller.applicationId) : null;
}

async function download(caller: Caller, kind: ParentType, args: Args): Promise<string> {
  const found = await find(caller, kind, args);
  if (!found) return '';
  try {
    return (await readContent(caller.ctx, found.file.id)).toString('base64');
  } catch (error) {
    if (!(error instanceof BlobMissingError)) throw error;
    // Kanboard logs this as well, and returns the same as for an unknown file.
    caller.ctx.log.error({ err: error, fileId: found.file.id }, 'the bytes of a file are missing');
    return '';
  }
}

async function remove(caller: Caller, kind: ParentType, args: Args): Promise<boolean> {
  const found = await find(caller, kind, args);
  if (!found) return false;
  await removeFile(caller.ctx, found.file.id);
  return true;
}

async function removeAll(caller: Caller, kind: ParentType, args: Args): Promise<true> {
  const id = kind.idFrom(args);
  if (id === undefined) missing(caller);
  else await findOrMissing(caller, removeAllFiles(caller.ctx, { type: kind.type, id }));
  return true;
}

const procedure = (
  run: (caller: Caller, kind: ParentType, args: Args) => Promise<unknown>,
  kind: ParentType,
  ...params: string[]
): Procedure<Caller> => ({ params, run: (caller, args) => run(caller, kind, args) });

export const fileProcedures: Readonly<Record<string, Procedure<Caller>>> = {
  createTaskFile: procedure(create, taskFiles, 'project_id', 'task_id', 'filename', 'blob'),
  getAllTaskFiles: procedure(list, taskFiles, 'task_id'),
  getTaskFile: procedure(get, taskFiles, 'file_id'),
  downloadTaskFile: procedure(download, taskFiles, 'file_id'),
  removeTaskFile: procedure(remove, taskFiles, 'file_id'),
  removeAllTaskFiles: procedure(removeAll, taskFiles, 'task_id'),

  createProjectFile: procedure(create, projectFiles, 'project_id', 'filename', 'blob'),
  getAllProjectFiles: procedure(list, projectFiles, 'project_id'),
  getProjectFile: procedure(get, projectFiles, 'project_id', 'file_id'),
  downloadProjectFile: procedure(download, projectFiles, 'project_id', 'file_id'),
  removeProjectFile: procedure(remove, projectFiles, 'project_id', 'file_id'),
  removeAllProjectFiles: procedure(removeAll, projectFiles, 'project_id'),
};
