import type { EntityData, FilterQuery } from '@mikro-orm/core';
import { changedFields } from '../audit/audit-entry.ts';
import { assertAdminScope } from '../auth/require-scope.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { Category } from '../database/entities/index.ts';
import { scanCountOf } from '../database/scans.ts';
import { NotFoundError } from '../errors.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { assertTexts } from './texts.ts';

/** The fields of a category; in an update, omitted fields keep their values. */
export interface CategoryFields {
  title?: string | undefined;
  description?: string | undefined;
  /** Null for none. */
  imagePath?: string | null | undefined;
  /** As in `#2f80ed`; null for none. */
  color?: string | null | undefined;
  /** Smaller comes first. A new one comes last by default. */
  sortOrder?: number | undefined;
}

/** The largest number of the column, and of GraphQL's Int. */
const LAST_PLACE = 2 ** 31 - 1;

/**
 * Creates a category. Throws `ForbiddenError` for all but administrators, and `BadUserInputError`
 * for a text that is too long.
 */
export async function createCategory(
  request: RequestContext,
  input: CategoryFields & { title: string },
): Promise<Category> {
  const ctx = contextOf(request);
  assertAdminScope(ctx.viewer, 'change categories');
  assertTexts(input);
  const { title, description = '', imagePath = null, color = null } = input;
  return inTransaction(ctx, async (tx) => {
    const sortOrder = input.sortOrder ?? (await afterTheLast(tx));
    const category = tx.em.create(Category, { title, description, imagePath, color, sortOrder });
    await tx.em.flush();
    tx.audit({ action: 'CATEGORY_CREATED', target: `Category:${category.id}` });
    return category;
  });
}

/**
 * Changes the given fields. Throws `ForbiddenError` for all but administrators, `NotFoundError`,
 * and `BadUserInputError` for a text that is too long.
 */
export async function updateCategory(request: RequestContext, id: number, changes: CategoryFields): Promise<Category> {
  const ctx = contextOf(request);
  assertAdminScope(ctx.viewer, 'change categories');
  assertTexts(changes);
  return inTransaction(ctx, async (tx) => {
    const category = await findCategory(tx, id);
    tx.em.assign(category, changes as EntityData<Category>, { ignoreUndefined: true });
    tx.audit({ action: 'CATEGORY_UPDATED', target: `Category:${id}`, details: { fields: changedFields(changes) } });
    return category;
  });
}

/**
 * Deletes a category; its tasks and history events have no category afterwards. Throws
 * `ForbiddenError`, `NotFoundError`.
 */
export async function deleteCategory(request: RequestContext, id: number): Promise<void> {
  const ctx = contextOf(request);
  assertAdminScope(ctx.viewer, 'change categories');
  const remove = async (tx: TransactionContext) => {
    // The foreign keys of what uses it are set to null by the database, so that nothing added
    // meanwhile is missed.
    await tx.em.remove(await findCategory(tx, id)).flush();
    tx.audit({ action: 'CATEGORY_DELETED', target: `Category:${id}` });
  };
  await inTransaction(ctx, remove, { onFullDisk: true });
}

/** Everybody sees every category. Throws `NotFoundError`. */
export async function findCategory(request: RequestContext, id: number): Promise<Category> {
  const ctx = contextOf(request);
  const category = await ctx.em.findOne(Category, { id });
  if (!category) throw new NotFoundError([`Category:${id}`]);
  return category;
}

/** The categories among `ids` that exist, by id. */
export async function findCategories(request: RequestContext, ids: readonly number[]): Promise<Map<number, Category>> {
  const ctx = contextOf(request);
  const found = await inChunks(ids, (some) => ctx.em.find(Category, { id: { $in: some } }));
  return new Map(found.map((category) => [category.id, category]));
}

/**
 * The position of a category in the list: its sort order, and the id that decides between equals.
 */
export type CategoryKey = [sortOrder: number, id: number];

export const keyOfCategory = (category: Category): CategoryKey => [category.sortOrder, category.id];

export interface CategoryPageRequest {
  limit: number;
  after?: CategoryKey | undefined;
  before?: CategoryKey | undefined;
  inverted?: boolean | undefined;
}

/** All categories in their own order. */
export function listCategories(request: RequestContext) {
  const ctx = contextOf(request);
  return {
    page({ limit, after, before, inverted }: CategoryPageRequest): Promise<Category[]> {
      const conditions = [...(after ? [beyond(after, '$gt')] : []), ...(before ? [beyond(before, '$lt')] : [])];
      const direction = inverted ? 'desc' : 'asc';
      const where: FilterQuery<Category> = conditions.length > 0 ? { $and: conditions } : {};
      return ctx.budget.query(() =>
        ctx.em.find(Category, where, { limit, orderBy: [{ sortOrder: direction }, { id: direction }] }),
      );
    },
    count: () => scanCountOf(ctx, Category, {}),
    isKey: (key: unknown): key is CategoryKey =>
      Array.isArray(key) && key.length === 2 && key.every((part) => Number.isSafeInteger(part)),
  };
}

function beyond([sortOrder, id]: CategoryKey, side: '$gt' | '$lt'): FilterQuery<Category> {
  return { $or: [{ sortOrder: { [side]: sortOrder } }, { sortOrder, id: { [side]: id } }] };
}

async function afterTheLast(ctx: Context): Promise<number> {
  const [last] = await ctx.em.find(Category, {}, { orderBy: { sortOrder: 'desc' }, limit: 1 });
  return last ? Math.min(last.sortOrder + 1, LAST_PLACE) : 0;
}
