import type { File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { BadUserInputError } from '../../errors.ts';
import type { FileFilter } from '../../files/file-filter.ts';
import type { FileOrder, FileSortKey } from '../../files/keyset-pagination.ts';
import type { AttachableAccess } from '../../workspace/attachable.ts';
import { builder } from '../builder.ts';
import { toCursor } from '../connection.ts';
import { idOf } from '../ids.ts';
import { FileStatusEnum } from './file-enums.ts';

/** The arguments by which lists of files are narrowed and sorted. */

const FileOrderField = builder.enumType('FileOrderField', {
  description: 'Field to sort files by. Files with equal values are in the order in which they were uploaded.',
  values: {
    CREATED_AT: { value: 'createdAt' as FileOrder['by'], description: 'Time of upload.' },
    NAME: { value: 'nameKey' as FileOrder['by'], description: 'Name, ignoring case.' },
    SIZE: { value: 'size' as FileOrder['by'], description: 'Size in bytes.' },
  },
});

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Direction of a sort.',
  values: {
    ASC: { description: 'Ascending: smallest, oldest or alphabetically first.' },
    DESC: { description: 'Descending: largest, newest or alphabetically last.' },
  },
});

const FileOrderInput = builder.inputType('FileOrder', {
  description: 'Order of a list of files.',
  fields: (t) => ({
    field: t.field({ type: FileOrderField, required: true, description: 'Field to sort by.' }),
    direction: t.field({ type: OrderDirection, defaultValue: 'ASC' as const, description: 'Direction of the sort.' }),
  }),
});

const FileFilterInput = builder.inputType('FileFilter', {
  description: 'Conditions on files. A file has to meet all that are given.',
  fields: (t) => ({
    nameContains: t.string({ description: 'Text that the name contains, ignoring case.' }),
    contentType: t.string({ description: 'Media type, as in `image/png`, or all types of a kind, as in `image/*`.' }),
    isImage: t.boolean({ description: 'True for images only, false for all other files.' }),
    createdById: t.id({ description: 'Id of the user who uploaded the file, as in `User:1`.' }),
    status: t.field({ type: FileStatusEnum, description: 'Review status of the file.' }),
    available: t.boolean({ description: 'True for available files only, false for unavailable ones only.' }),
    createdAfter: t.field({ type: 'DateTime', description: 'Uploaded at this time or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Uploaded before this time.' }),
  }),
});

const FileInclude = builder.enumType('FileInclude', {
  description: 'Attachables below a project or task whose files a list includes.',
  values: {
    TASKS: { description: 'For a project: also the files of its tasks and their comments.' },
    COMMENTS: { description: 'For a task: also the files of its comments.' },
  },
});

export const listArgs = builder.args((t) => ({
  filter: t.field({ type: FileFilterInput, description: 'Conditions that the files have to meet.' }),
  orderBy: t.field({
    type: FileOrderInput,
    description: 'Order of the files; `CREATED_AT` ascending when omitted.',
  }),
}));

export const includeArg = builder.args((t) => ({
  include: t.field({
    type: FileInclude,
    description:
      'Attachables below this one whose files the list includes. A file that is attached several times is ' +
      'listed once. BAD_USER_INPUT when the value is for another type.',
  }),
}));

export function orderOf(
  order: { field: FileOrder['by']; direction?: 'ASC' | 'DESC' | null | undefined } | null | undefined,
): FileOrder {
  return { by: order?.field ?? 'createdAt', direction: order?.direction ?? 'ASC' };
}

export function filterOf(filter: (typeof FileFilterInput)['$inferInput'] | null | undefined): FileFilter {
  const { createdById, ...rest } = filter ?? {};
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value != null)) as FileFilter;
  return createdById == null ? given : { ...given, createdBy: idOf('User', createdById) };
}

/** The cursor of a file in the lists that are in the default order. */
export const cursorOfFile = ({ id, createdAt }: Pick<Row<File>, 'id' | 'createdAt'>): string =>
  toCursor(['createdAt', createdAt.getTime(), id] satisfies FileSortKey);

/** Whether the list goes deeper than the attachable itself. */
export function isDeep(include: 'TASKS' | 'COMMENTS' | null | undefined, { ref }: AttachableAccess): boolean {
  if (include == null) return false;
  const needed = include === 'TASKS' ? 'Project' : 'Task';
  if (ref.type !== needed)
    throw new BadUserInputError(`"include: ${include}" is for the files of a ${needed}, not of a ${ref.type}.`);
  return true;
}
