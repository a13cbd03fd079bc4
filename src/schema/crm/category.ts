import { z } from 'zod';
import {
  createCategory,
  deleteCategory,
  keyOfCategory,
  listCategories,
  updateCategory,
} from '../../workspace/categories.ts';
import { builder } from '../builder.ts';
import { connect } from '../connection.ts';
import { encodeId, idOf } from '../ids.ts';
import { CategoryNode } from '../refs.ts';
import { longText, title } from '../validators.ts';

const color = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'must be written as in "#2f80ed"');
const imagePath = z.string().trim().min(1, 'must not be empty').max(500, 'may have at most 500 characters');

builder.objectType(CategoryNode, {
  description: 'A category of tasks and of history events. Every user sees all categories.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The numeric part of `id`, as in `1`.' }),
    title: t.exposeString('title', { description: 'Title of the category.' }),
    description: t.exposeString('description', {
      description: 'Description of the category; an empty string when it has none.',
    }),
    imagePath: t.exposeString('imagePath', {
      nullable: true,
      description: 'URL or path of an image of the category; null when it has none.',
    }),
    color: t.exposeString('color', {
      nullable: true,
      description: 'Color as `#` and six hexadecimal digits, as in `#2f80ed`; null when it has none.',
    }),
    sortOrder: t.exposeInt('sortOrder', { description: 'Position in the list of categories, in ascending order.' }),
  }),
});

builder.queryField('categories', (t) =>
  t.connection(
    {
      type: CategoryNode,
      description: 'All categories, in ascending order of `sortOrder`.',
      resolve: (_root, args, context) => connect(context, listCategories(context), args, keyOfCategory),
    },
    { name: 'CategoryConnection', description: 'A page of categories.' },
    { name: 'CategoryEdge', description: 'A category in a list.' },
  ),
);

builder.relayMutationField(
  'createCategory',
  {
    description: 'The category to create.',
    inputFields: (t) => ({
      title: t.string({ required: true, validate: title, description: 'Title of the category, 1 to 500 characters.' }),
      description: t.string({
        defaultValue: '',
        validate: longText,
        description: 'Description of the category, at most 100,000 characters.',
      }),
      imagePath: t.string({
        validate: imagePath,
        description: 'URL or path of an image of the category, 1 to 500 characters.',
      }),
      color: t.string({ validate: color, description: 'Color as `#` and six hexadecimal digits, as in `#2f80ed`.' }),
      sortOrder: t.int({
        description: 'Position in the list of categories, in ascending order. When omitted, the category comes last.',
      }),
    }),
  },
  {
    description: 'Creates a category. For administrators; others get FORBIDDEN.',
    resolve: async (_root, { input }, context) => ({
      category: await createCategory(context, {
        title: input.title,
        description: input.description ?? '',
        imagePath: input.imagePath,
        color: input.color,
        sortOrder: input.sortOrder ?? undefined,
      }),
    }),
  },
  {
    description: 'The created category.',
    outputFields: (t) => ({
      category: t.field({
        type: CategoryNode,
        description: 'The created category.',
        resolve: (payload) => payload.category,
      }),
    }),
  },
);

builder.relayMutationField(
  'updateCategory',
  {
    description: 'Changes to a category. Omitted fields keep their values.',
    inputFields: (t) => ({
      categoryId: t.id({ required: true, description: 'Id of the category, as in `Category:1`.' }),
      title: t.string({ validate: title, description: 'Title of the category, 1 to 500 characters.' }),
      description: t.string({
        validate: longText,
        description: 'Description of the category, at most 100,000 characters.',
      }),
      imagePath: t.string({
        validate: imagePath,
        description: 'URL or path of an image of the category, 1 to 500 characters; null removes it.',
      }),
      color: t.string({
        validate: color,
        description: 'Color as `#` and six hexadecimal digits, as in `#2f80ed`; null removes it.',
      }),
      sortOrder: t.int({ description: 'Position in the list of categories, in ascending order.' }),
    }),
  },
  {
    description: 'Changes a category. For administrators; others get FORBIDDEN.',
    resolve: async (_root, { input }, context) => ({
      category: await updateCategory(context, idOf('Category', input.categoryId), {
        title: input.title ?? undefined,
        description: input.description ?? undefined,
        imagePath: input.imagePath,
        color: input.color,
        sortOrder: input.sortOrder ?? undefined,
      }),
    }),
  },
  {
    description: 'The changed category.',
    outputFields: (t) => ({
      category: t.field({
        type: CategoryNode,
        description: 'The category after the change.',
        resolve: (payload) => payload.category,
      }),
    }),
  },
);

builder.relayMutationField(
  'deleteCategory',
  {
    description: 'The category to delete.',
    inputFields: (t) => ({
      categoryId: t.id({ required: true, description: 'Id of the category, as in `Category:1`.' }),
    }),
  },
  {
    description:
      'Deletes a category. Its tasks and history events then have no category. For administrators; others ' +
      'get FORBIDDEN.',
    resolve: async (_root, { input }, context) => {
      const id = idOf('Category', input.categoryId);
      await deleteCategory(context, id);
      return { deletedId: encodeId('Category', id) };
    },
  },
  {
    description: 'The deleted category.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', {
        description: 'Id of the deleted category, to drop from your cache.',
      }),
    }),
  },
);
