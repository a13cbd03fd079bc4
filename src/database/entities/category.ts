import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Category',
  tableName: 'categories',
  properties: {
    id: p.integer().primary(),
    title: p.string(),
    description: p.text(),
    imagePath: p.string().nullable(),
    /** As CSS writes it, `#rrggbb`. */
    color: p.string().nullable(),
    sortOrder: p.integer(),
  },
});

/** A category of tasks and history events. */
export class Category extends schema.class {}
schema.setClass(Category);
