import type { SqlCondition } from '../auth/access-sql.ts';
import type { FileStatus } from '../database/entities/index.ts';
import { containing } from '../database/sql.ts';
import { allOf, condition, not } from './conditions.ts';

/** Which files of a listing. Undefined properties do not filter. */
export interface FileFilter {
  /** A part of the name, ignoring case. */
  nameContains?: string | undefined;
  /** Such as `image/png`, or `image/*`. */
  contentType?: string | undefined;
  isImage?: boolean | undefined;
  /** The id of the uploader. */
  createdBy?: number | undefined;
  status?: FileStatus | undefined;
  available?: boolean | undefined;
  /** Inclusive. */
  createdAfter?: Date | undefined;
  /** Exclusive. */
  createdBefore?: Date | undefined;
}

/** A filter as conditions on files `f`; none for a filter that every file passes. */
export function filterConditions(filter: FileFilter): SqlCondition[] {
  const conditions: SqlCondition[] = [];
  const { nameContains, contentType, isImage, createdBy, status, available, createdAfter, createdBefore } = filter;
  if (nameContains) conditions.push(containing('f.name_key', nameContains));
  if (contentType?.endsWith('/*')) conditions.push(contentTypeStartsWith(contentType.slice(0, -1)));
  else if (contentType) conditions.push(condition('f.content_type = ?', contentType.toLowerCase()));
  if (isImage) conditions.push(contentTypeStartsWith('image/'));
  if (isImage === false) conditions.push(not(contentTypeStartsWith('image/')));
  if (createdBy !== undefined) conditions.push(condition('f.created_by_id = ?', createdBy));
  if (status !== undefined) conditions.push(condition('f.status = ?', status));
  if (available !== undefined) conditions.push(condition('f.available = ?', available));
  if (createdAfter) conditions.push(condition('f.created_at >= ?', createdAfter));
  if (createdBefore) conditions.push(condition('f.created_at < ?', createdBefore));
  return conditions;
}

/** A range, because databases differ in whether `like` ignores case. */
const contentTypeStartsWith = (prefix: string): SqlCondition =>
  allOf(
    condition('f.content_type >= ?', prefix.toLowerCase()),
    condition('f.content_type < ?', `${prefix.toLowerCase()}\uffff`),
  );
