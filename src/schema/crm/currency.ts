import type { Currency } from '../../database/entities/index.ts';
import { currencies } from '../../workspace/currencies.ts';
import { builder } from '../builder.ts';

export const CurrencyType = builder.objectRef<Currency>('Currency').implement({
  description: 'What money is counted in.',
  fields: (t) => ({
    abbreviation: t.exposeString('abbreviation', { description: 'As ISO 4217 abbreviates it, as in `EUR`.' }),
    title: t.exposeString('title', { description: 'What it is called in English.' }),
    symbol: t.exposeString('symbol', { description: 'As in `€`; several currencies share one.' }),
    cultureName: t.exposeString('cultureName', {
      description: 'The country or union whose money it is, in two letters, as in `JP` or `EU`.',
    }),
    isConvertible: t.exposeBoolean('isConvertible', { description: 'Whether it is exchanged freely.' }),
    isBasic: t.exposeBoolean('isBasic', { description: 'Whether it is among the few that are offered first.' }),
  }),
});

builder.queryField('currencies', (t) =>
  t.field({
    type: [CurrencyType],
    description: 'All currencies that are known here, in the order of their abbreviations.',
    resolve: (_root, _args, context) => currencies(context),
  }),
);
