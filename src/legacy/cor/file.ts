import type { AttachableRef, File, FileStatus } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';

/** What a file is attached to. */
export interface FileLocation {
  on: AttachableRef;
  /** That task itself, or the task of that comment. */
  taskId: number;
}

/**
 * Encodes the 26 members that COR documents. Members without a counterpart here are null: external
 * sources, folders, companies, rework logs and graphics. `previousId` is the previous version's id.
 */
export function encodeFile(
  file: Row<File>,
  { on, taskId }: FileLocation,
  publicUrl: string,
  previousId: number | null,
) {
  return {
    id: file.id,
    url: `${publicUrl}/files/${file.id}/content`,
    name: file.name,
    created_at: encodeDateTime(file.createdAt),
    updated_at: encodeDateTime(file.updatedAt),
    source: null,
    size: file.size,
    filename: file.name,
    available: file.available,
    item_id: on.id,
    originalname: file.name,
    attachment_parent_id: previousId,
    file_type: file.contentType,
    discussions_id: on.type === 'Comment' ? on.id : null,
    user_id: file.createdBy.id,
    parent_id: null,
    type: on.type,
    version: file.version,
    status: file.status ? (file.status as FileStatus).toLowerCase() : null,
    token: null,
    company_id: null,
    task_log_reworks_id: null,
    task_log_id: taskId,
    media_type: file.contentType.split('/', 1)[0] ?? null,
    graphics_count: null,
    created_from: String(file.createdFrom).toLowerCase(),
  };
}

/** `2023-11-07T05:31:56Z` */
const encodeDateTime = (date: Date) => date.toISOString().replace(/\.\d+Z$/, 'Z');
