import type { File, User } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { md5, sha1, unixTime } from './php-values.ts';

/** What a file hangs on, in Kanboard's words. */
export interface FileParent {
  /** The first part of a path, and the column of the row. */
  folder: 'tasks' | 'projects';
  column: 'task_id' | 'project_id';
  id: number;
}

export const taskParent = (id: number): FileParent => ({ folder: 'tasks', column: 'task_id', id });
export const projectParent = (id: number): FileParent => ({ folder: 'projects', column: 'project_id', id });

/** By the extension alone: a picture whose name does not say so is none. */
const imageName = /\.(?:jpe?g|png|gif)$/i;

/**
 * A row of a file, with its columns in the order of its table. `applicationId` is the user whose key is the application's: what it
 * uploaded is nobody's, of the number 0.
 */
export function encodeFile(file: Row<File>, primary: FileParent, applicationId: number | undefined) {
  const path = pathOf(file, primary);
  const { id, name, is_image, date, user_id, size } = commonColumns(file, applicationId);
  const row =
    primary.column === 'task_id'
      ? { id, name, path, is_image, task_id: primary.id, date, user_id, size }
      : { id, project_id: primary.id, name, path, is_image, size, user_id, date };
  return { ...row, etag: md5(path) };
}

/** A row of a list: its columns as the list asks for them, and the names of who uploaded the file. */
export function encodeListedFile(
  file: Row<File>,
  primary: FileParent,
  applicationId: number | undefined,
  users: ReadonlyMap<number, User>,
) {
  const path = pathOf(file, primary);
  const { id, name, is_image, date, user_id, size } = commonColumns(file, applicationId);
  const user = user_id === 0 ? undefined : users.get(user_id);
  const names = { username: user ? (user.email ?? user.displayName) : null, user_name: user?.displayName ?? null };
  return { id, name, path, is_image, [primary.column]: primary.id, date, user_id, size, ...names, etag: md5(path) };
}

function commonColumns(file: Row<File>, applicationId: number | undefined) {
  return {
    id: file.id,
    name: file.name,
    is_image: imageName.test(file.name) ? 1 : 0,
    date: unixTime(file.createdAt),
    user_id: file.createdBy.id === applicationId ? 0 : file.createdBy.id,
    size: file.size,
  };
}

/** Of the form that Kanboard's paths have; where bytes lie is told to nobody. */
const pathOf = ({ id, createdAt }: Row<File>, { folder, id: on }: FileParent) =>
  `${folder}/${on}/${sha1(`file ${id} ${createdAt.getTime()}`)}`;
