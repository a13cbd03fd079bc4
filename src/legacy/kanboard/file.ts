import type { File, User } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { md5, sha1, unixTime } from './php-values.ts';

/** What a file is attached to, in Kanboard's terms. */
export interface FileParent {
  /** The first part of the file's path; `column` is the key of its id. */
  folder: 'tasks' | 'projects';
  column: 'task_id' | 'project_id';
  id: number;
}

export const taskParent = (id: number): FileParent => ({ folder: 'tasks', column: 'task_id', id });
export const projectParent = (id: number): FileParent => ({ folder: 'projects', column: 'project_id', id });

/** Kanboard decides by the extension alone whether a file is an image. */
const imageName = /\.(?:jpe?g|png|gif)$/i;

/**
 * Encodes a file, with the columns in the order of Kanboard's table. `applicationId` is the user of
 * the application's key: files that it uploaded have the user id 0.
 */
export function encodeFile(file: Row<File>, parent: FileParent, applicationId: number | undefined) {
  const path = pathOf(file, parent);
  const { id, name, is_image, date, user_id, size } = commonColumns(file, applicationId);
  const row =
    parent.column === 'task_id'
      ? { id, name, path, is_image, task_id: parent.id, date, user_id, size }
      : { id, project_id: parent.id, name, path, is_image, size, user_id, date };
  return { ...row, etag: md5(path) };
}

/** Encodes a file of a list, in the list's order of columns, with the names of its uploader. */
export function encodeListedFile(
  file: Row<File>,
  parent: FileParent,
  applicationId: number | undefined,
  users: ReadonlyMap<number, User>,
) {
  const path = pathOf(file, parent);
  const { id, name, is_image, date, user_id, size } = commonColumns(file, applicationId);
  const user = user_id === 0 ? undefined : users.get(user_id);
  const names = { username: user ? (user.email ?? user.displayName) : null, user_name: user?.displayName ?? null };
  return { id, name, path, is_image, [parent.column]: parent.id, date, user_id, size, ...names, etag: md5(path) };
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

/** A path in Kanboard's format. It is not where the bytes are stored, which stays internal. */
const pathOf = ({ id, createdAt }: Row<File>, { folder, id: parentId }: FileParent) =>
  `${folder}/${parentId}/${sha1(`file ${id} ${createdAt.getTime()}`)}`;
