import type { RequestContext } from '../../context.ts';
import { findCategories } from '../../workspace/categories.ts';

/** Encodes the category of a task or an event; null if it has none. */
export async function encodeCategory(ctx: RequestContext, id: number | undefined) {
  const category = id === undefined ? undefined : (await findCategories(ctx, [id])).get(id);
  if (!category) return null;
  return {
    id: category.id,
    title: category.title,
    description: category.description,
    color: category.color ?? '',
    imagePath: category.imagePath ?? '',
    sortOrder: category.sortOrder,
    relativeItemsCount: 0,
  };
}

/** The system category that ONLYOFFICE gives to history events about files. */
export const FILE_UPLOAD_CATEGORY = {
  id: -2,
  title: 'File upload',
  description: '',
  color: '',
  imagePath: '',
  sortOrder: 0,
  relativeItemsCount: 0,
};
