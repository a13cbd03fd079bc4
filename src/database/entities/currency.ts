import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Currency',
  tableName: 'currencies',
  properties: {
    /** ISO 4217, as in `EUR`. */
    abbreviation: p.string().primary(),
    title: p.string(),
    symbol: p.string(),
    /** The country it is named after, as in `DE`. */
    cultureName: p.string(),
    isConvertible: p.boolean(),
    isBasic: p.boolean(),
  },
});

export class Currency extends schema.class {}
schema.setClass(Currency);
