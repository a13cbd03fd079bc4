import { type Context, contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import { Currency } from '../database/entities/index.ts';
import { excerpt, NotFoundError } from '../errors.ts';

/** Abbreviation, symbol, country, title, and flags: `b` for basic, `c` for convertible. */
const common = [
  ['AED', 'د.إ', 'AE', 'United Arab Emirates dirham', 'c'],
  ['ARS', '$', 'AR', 'Argentine peso', ''],
  ['AUD', '$', 'AU', 'Australian dollar', 'bc'],
  ['BRL', 'R$', 'BR', 'Brazilian real', ''],
  ['CAD', '$', 'CA', 'Canadian dollar', 'bc'],
  ['CHF', 'CHF', 'CH', 'Swiss franc', 'bc'],
  ['CLP', '$', 'CL', 'Chilean peso', ''],
  ['CNY', '¥', 'CN', 'Chinese yuan', 'b'],
  ['COP', '$', 'CO', 'Colombian peso', ''],
  ['CZK', 'Kč', 'CZ', 'Czech koruna', 'c'],
  ['DKK', 'kr', 'DK', 'Danish krone', 'c'],
  ['EGP', '£', 'EG', 'Egyptian pound', ''],
  ['EUR', '€', 'EU', 'Euro', 'bc'],
  ['GBP', '£', 'GB', 'Pound sterling', 'bc'],
  ['HKD', '$', 'HK', 'Hong Kong dollar', 'c'],
  ['HUF', 'Ft', 'HU', 'Hungarian forint', 'c'],
  ['IDR', 'Rp', 'ID', 'Indonesian rupiah', ''],
  ['ILS', '₪', 'IL', 'Israeli new shekel', 'c'],
  ['INR', '₹', 'IN', 'Indian rupee', ''],
  ['JPY', '¥', 'JP', 'Japanese yen', 'bc'],
  ['KRW', '₩', 'KR', 'South Korean won', ''],
  ['KZT', '₸', 'KZ', 'Kazakhstani tenge', ''],
  ['MXN', '$', 'MX', 'Mexican peso', 'c'],
  ['MYR', 'RM', 'MY', 'Malaysian ringgit', ''],
  ['NGN', '₦', 'NG', 'Nigerian naira', ''],
  ['NOK', 'kr', 'NO', 'Norwegian krone', 'c'],
  ['NZD', '$', 'NZ', 'New Zealand dollar', 'c'],
  ['PHP', '₱', 'PH', 'Philippine peso', ''],
  ['PLN', 'zł', 'PL', 'Polish złoty', 'c'],
  ['RON', 'lei', 'RO', 'Romanian leu', 'c'],
  ['RUB', '₽', 'RU', 'Russian ruble', ''],
  ['SAR', '﷼', 'SA', 'Saudi riyal', 'c'],
  ['SEK', 'kr', 'SE', 'Swedish krona', 'c'],
  ['SGD', '$', 'SG', 'Singapore dollar', 'c'],
  ['THB', '฿', 'TH', 'Thai baht', ''],
  ['TRY', '₺', 'TR', 'Turkish lira', 'c'],
  ['TWD', 'NT$', 'TW', 'New Taiwan dollar', ''],
  ['UAH', '₴', 'UA', 'Ukrainian hryvnia', ''],
  ['USD', '$', 'US', 'United States dollar', 'bc'],
  ['VND', '₫', 'VN', 'Vietnamese đồng', ''],
  ['ZAR', 'R', 'ZA', 'South African rand', 'c'],
] as const;

/**
 * Adds the currencies that are missing; existing rows are not changed, so that an operator may
 * correct them. To be called at every start: a later release may have more. Two servers may do it
 * at once.
 */
export async function seedCurrencies(em: EntityManager): Promise<void> {
  const known = await em.execute<{ abbreviation: string }[]>('select abbreviation from currencies');
  const stored = new Set(known.map(({ abbreviation }) => abbreviation));
  const missing = common.filter(([abbreviation]) => !stored.has(abbreviation));
  if (missing.length === 0) return;
  const rows = missing.map(([abbreviation, symbol, cultureName, title, marks]) => ({
    abbreviation,
    title,
    symbol,
    cultureName,
    isConvertible: marks.includes('c'),
    isBasic: marks.includes('b'),
  }));
  await em.upsertMany(Currency, rows, { onConflictAction: 'ignore', disableIdentityMap: true });
}

/** All currencies, in the order of their abbreviations. */
export function currencies(request: RequestContext): Promise<Currency[]> {
  const ctx = contextOf(request);
  return ctx.em.find(Currency, {}, { orderBy: { abbreviation: 'asc' } });
}

/** The currencies with these abbreviations, by abbreviation. */
export async function findCurrencies(
  request: RequestContext,
  abbreviations: readonly string[],
): Promise<Map<string, Currency>> {
  const ctx = contextOf(request);
  const found = await inChunks(abbreviations, (some) => ctx.em.find(Currency, { abbreviation: { $in: some } }));
  return new Map(found.map((currency) => [currency.abbreviation, currency]));
}

/** Throws `NotFoundError` for an unknown abbreviation. */
export async function assertCurrency(ctx: Context, abbreviation: string): Promise<void> {
  const known = await ctx.em.count(Currency, { abbreviation });
  if (known === 0) throw new NotFoundError([`Currency:${excerpt(abbreviation)}`]);
}
