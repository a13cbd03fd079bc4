import { findUsers } from '../../auth/users.ts';
import type { RequestContext } from '../../context.ts';
import type { File, HistoryEvent } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { loadAttachable } from '../../workspace/attachable.ts';
import { entityOf } from '../../workspace/history.ts';
import type { LegacyOptions } from '../api.ts';
import { FILE_UPLOAD_CATEGORY } from './category.ts';
import { encodeContact } from './contact.ts';
import { encodeEntity } from './crm-entity.ts';
import { encodeDateTime } from './date-time.ts';
import { encodeFiles } from './file.ts';
import { encodeUser } from './user.ts';

/** Encodes the history event of files that were attached to an entity. */
export async function encodeHistoryEvent(
  ctx: RequestContext,
  options: LegacyOptions,
  event: HistoryEvent,
  files: readonly Row<File>[],
) {
  const entity = entityOf(event);
  const { canEdit } = await loadAttachable(ctx, entity);
  const by = event.createdBy.id;
  return {
    id: event.id,
    createBy: encodeUser((await findUsers(ctx, [by])).get(by)),
    created: encodeDateTime(event.createdAt),
    content: event.content,
    category: FILE_UPLOAD_CATEGORY,
    contact: entity.type === 'Contact' ? await encodeContact(ctx, entity.id) : null,
    entity: await encodeEntity(ctx, entity),
    canEdit,
    files: await encodeFiles(ctx, options, files, entity),
  };
}
