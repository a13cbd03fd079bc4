import { BadUserInputError } from '../../errors.ts';
import type { FileFilter } from '../../files/file-filter.ts';
import type { FileOrder } from '../../files/keyset-pagination.ts';
import type { AttachableAccess } from '../../workspace/attachable.ts';
import { builder } from '../builder.ts';
import { idOf } from '../ids.ts';
import { FileStatusEnum } from './file.ts';

/** The arguments by which lists of files are narrowed and sorted. */

const FileOrderField = builder.enumType('FileOrderField', {
  description: 'What files are sorted by. Equals are sorted by the order in which they were attached.',
  values: {
    CREATED_AT: { value: 'createdAt' as FileOrder['by'], description: 'When they were uploaded.' },
    NAME: { value: 'nameKey' as FileOrder['by'], description: 'Their names, ignoring case.' },
    SIZE: { value: 'size' as FileOrder['by'], description: 'The length of their content.' },
  },
});

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Which way a list is sorted.',
  values: {
    ASC: { description: 'Smallest, oldest, or first in the alphabet first.' },
    DESC: { description: 'Largest, newest, or last in the alphabet first.' },
  },
});

const FileOrderInput = builder.inputType('FileOrder', {
  description: 'How files are sorted.',
  fields: (t) => ({
    field: t.field({ type: FileOrderField, required: true, description: 'What they are sorted by.' }),
    direction: t.field({ type: OrderDirection, defaultValue: 'ASC' as const, description: 'Which way.' }),
  }),
});

const FileFilterInput = builder.inputType('FileFilter', {
  description: 'Which files. All that is given has to be true; what is not given does not matter.',
  fields: (t) => ({
    nameContains: t.string({ description: 'A part of the name, ignoring case.' }),
    contentType: t.string({ description: 'As in `image/png`, or `image/*`.' }),
    isImage: t.boolean({ description: 'Only images, or anything but.' }),
    createdById: t.id({ description: 'The uploader, as in `User:1`.' }),
    status: t.field({ type: FileStatusEnum, description: 'Where they stand in their review.' }),
    available: t.boolean({ description: 'Only those available to everybody, or only the others.' }),
    createdAfter: t.field({ type: 'DateTime', description: 'Uploaded at this moment or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Uploaded before this moment.' }),
  }),
});

const FileInclude = builder.enumType('FileInclude', {
  description: 'What else a list of files takes in.',
  values: {
    TASKS: { description: 'On a project: also what hangs on its tasks and their comments.' },
    COMMENTS: { description: 'On a task: also what hangs on its comments.' },
  },
});

export const listArgs = builder.args((t) => ({
  filter: t.field({ type: FileFilterInput, description: 'Which of them.' }),
  orderBy: t.field({
    type: FileOrderInput,
    description: 'How they are sorted; by CREATED_AT, oldest first, unless given.',
  }),
}));

export const includeArg = builder.args((t) => ({
  include: t.field({
    type: FileInclude,
    description: 'What else to take in; a file that hangs in several places comes once.',
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

/** Whether the list goes deeper than the attachable itself. */
export function isDeep(include: 'TASKS' | 'COMMENTS' | null | undefined, { ref }: AttachableAccess): boolean {
  if (include == null) return false;
  const needed = include === 'TASKS' ? 'Project' : 'Task';
  if (ref.type !== needed)
    throw new BadUserInputError(`"include: ${include}" is for the files of a ${needed}, not of a ${ref.type}.`);
  return true;
}
