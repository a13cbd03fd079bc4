import { findUsers } from '../../auth/users.ts';
import type { RequestContext } from '../../context.ts';
import type { AttachableRef, File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import type { LegacyOptions } from '../api.ts';
import { encodeDateTime } from './date-time.ts';
import { extensionOf, fileTypeOf } from './file-type.ts';
import { encodeSize } from './size.ts';
import { encodeUser } from './user.ts';

/** Encodes files in their order. `folderId` is the id of what they are attached to. */
export async function encodeFiles(
  ctx: RequestContext,
  options: LegacyOptions,
  files: readonly Row<File>[],
  on: AttachableRef,
) {
  const ids = files.flatMap((file) => [file.createdBy.id, file.updatedBy.id]);
  const users = await findUsers(ctx, [...new Set(ids)]);
  return files.map((file) => {
    const url = `${options.publicUrl()}/files/${file.id}/content`;
    return {
      id: file.id,
      title: file.name,
      name: file.name,
      folderId: on.id,
      version: file.version,
      versionGroup: file.version,
      contentLength: encodeSize(file.size),
      pureContentLength: file.size,
      fileStatus: 0,
      viewUrl: url,
      location: url,
      webUrl: url,
      fileType: fileTypeOf(file.name),
      fileExst: extensionOf(file.name),
      comment: '',
      access: 0,
      shared: false,
      created: encodeDateTime(file.createdAt),
      createdBy: encodeUser(users.get(file.createdBy.id)),
      updated: encodeDateTime(file.updatedAt),
      updatedBy: encodeUser(users.get(file.updatedBy.id)),
    };
  });
}
