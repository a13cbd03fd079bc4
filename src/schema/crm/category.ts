import { z } from 'zod';
import {
  categories,
  createCategory,
  deleteCategory,
  keyOfCategory,
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
  description: 'What tasks and history events are sorted by. Everybody sees them all.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    title: t.exposeString('title', { description: 'What it is called.' }),
    description: t.exposeString('description', { description: 'More about it; empty when nobody said.' }),
    imagePath: t.exposeString('imagePath', { nullable: true, description: 'Where its picture lies, if it has one.' }),
    color: t.exposeString('color', { nullable: true, description: 'As in `#2f80ed`; null when nobody chose one.' }),
    sortOrder: t.exposeInt('sortOrder', { description: 'Its place in the list: smaller comes first.' }),
  }),
});

builder.queryField('categories', (t) =>
  t.connection(
    {
      type: CategoryNode,
      description: 'All categories, in the order of their `sortOrder`.',
      resolve: (_root, args, context) => connect(context, categories(context), args, keyOfCategory),
    },
    { name: 'CategoryConnection', description: 'A page of categories.' },
    { name: 'CategoryEdge', description: 'A category in a list.' },
  ),
);

builder.relayMutationField(
  'createCategory',
  {
    description: 'A new category.',
    inputFields: (t) => ({
      title: t.string({ required: true, validate: title, description: 'What it is called; 1 to 500 characters.' }),
      description: t.string({ defaultValue: '', validate: longText, description: 'More about it.' }),
      imagePath: t.string({ validate: imagePath, description: 'Where its picture lies.' }),
      color: t.string({ validate: color, description: 'As in `#2f80ed`.' }),
      sortOrder: t.int({ description: 'Its place in the list: smaller comes first. Last unless given.' }),
    }),
  },
  {
    description: 'Creates a category. For administrators.',
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
    description: 'The new category.',
    outputFields: (t) => ({
      category: t.field({
        type: CategoryNode,
        description: 'As it was created.',
        resolve: (payload) => payload.category,
      }),
    }),
  },
);

builder.relayMutationField(
  'updateCategory',
  {
    description: 'What to change of a category. What is left out stays as it is.',
    inputFields: (t) => ({
      categoryId: t.id({ required: true, description: 'Which one, as in `Category:1`.' }),
      title: t.string({ validate: title, description: 'What it is called; 1 to 500 characters.' }),
      description: t.string({ validate: longText, description: 'More about it.' }),
      imagePath: t.string({ validate: imagePath, description: 'Where its picture lies; null for none.' }),
      color: t.string({ validate: color, description: 'As in `#2f80ed`; null for none.' }),
      sortOrder: t.int({ description: 'Its place in the list: smaller comes first.' }),
    }),
  },
  {
    description: 'Changes a category. For administrators.',
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
      category: t.field({ type: CategoryNode, description: 'As it is now.', resolve: (payload) => payload.category }),
    }),
  },
);

builder.relayMutationField(
  'deleteCategory',
  {
    description: 'Which category.',
    inputFields: (t) => ({ categoryId: t.id({ required: true, description: 'As in `Category:1`.' }) }),
  },
  {
    description: 'Deletes a category. The tasks and history events in it have none afterwards. For administrators.',
    resolve: async (_root, { input }, context) => {
      const id = idOf('Category', input.categoryId);
      await deleteCategory(context, id);
      return { deletedId: encodeId('Category', id) };
    },
  },
  {
    description: 'What was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', {
        description: 'The id that now leads nowhere; drop it from your cache.',
      }),
    }),
  },
);
