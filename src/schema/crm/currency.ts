import type { Currency } from '../../database/entities/index.ts';
import { currencies } from '../../workspace/currencies.ts';
import { builder } from '../builder.ts';

export const CurrencyType = builder.objectRef<Currency>('Currency').implement({
  description: 'A currency.',
  fields: (t) => ({
    abbreviation: t.exposeString('abbreviation', { description: 'ISO 4217 code, as in `EUR`.' }),
    title: t.exposeString('title', { description: 'English name of the currency.' }),
    symbol: t.exposeString('symbol', { description: 'Symbol, as in `€`. Several currencies share a symbol.' }),
    cultureName: t.exposeString('cultureName', {
      description: 'Two-letter code of the country or union that issues the currency, as in `JP` or `EU`.',
    }),
    isConvertible: t.exposeBoolean('isConvertible', { description: 'Whether the currency is freely convertible.' }),
    isBasic: t.exposeBoolean('isBasic', { description: 'Whether the currency is one of the few to offer first.' }),
  }),
});

builder.queryField('currencies', (t) =>
  t.field({
    type: [CurrencyType],
    description: 'All supported currencies, in alphabetical order of their codes.',
    resolve: (_root, _args, context) => currencies(context),
  }),
);
