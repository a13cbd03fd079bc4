import { type Context, contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type Contact, ContactInfo, type InfoType } from '../database/entities/index.ts';
import { BadUserInputError } from '../errors.ts';

export { infoTypes } from '../database/entities/index.ts';

/** One way to reach a contact, to be stored. */
export interface InfoEntry {
  infoType: InfoType;
  /** A number that `categoriesOf` knows; 0 by default. */
  category?: number | undefined;
  data: string;
  isPrimary?: boolean | undefined;
}

/** How many infos one contact may have. */
const MAX_INFOS = 100;

const usual = ['Home', 'Work', 'Other'];
const ofPhones = ['Home', 'Work', 'Mobile', 'Fax', 'Direct', 'Other'];
const ofAddresses = ['Home', 'Postal', 'Office', 'Billing', 'Other', 'Work'];

/** What information of a type is used for, by the numbers that older clients know the uses by. */
export function categoriesOf(type: InfoType): readonly string[] {
  if (type === 'PHONE') return ofPhones;
  return type === 'ADDRESS' ? ofAddresses : usual;
}

/** Throws `BadUserInputError` for invalid infos. */
export function checkInfos(infos: readonly InfoEntry[]): void {
  if (infos.length > MAX_INFOS) throw new BadUserInputError(`Give at most ${MAX_INFOS} infos.`);
  const primary = new Set<InfoType>();
  for (const { infoType, category = 0, isPrimary } of infos) {
    const names = categoriesOf(infoType);
    if (names[category] === undefined) {
      const known = names.map((name, number) => `${number} ${name}`).join(', ');
      throw new BadUserInputError(`${category} is no category of ${infoType}. Those are ${known}.`);
    }
    if (isPrimary && primary.has(infoType)) throw new BadUserInputError(`Only one ${infoType} can be the primary one.`);
    if (isPrimary) primary.add(infoType);
  }
}

/** Replaces the infos of a contact. Call `checkInfos` before; flush afterwards. */
export async function replaceInfos(ctx: Context, contact: Contact, infos: readonly InfoEntry[]): Promise<void> {
  for (const old of await ctx.em.find(ContactInfo, { contact: contact.id })) ctx.em.remove(old);
  for (const { infoType, category = 0, data, isPrimary = false } of infos) {
    ctx.em.create(ContactInfo, { contact, infoType, category, data, isPrimary });
  }
}

/**
 * The infos of contacts that the viewer may see, by contact, each in the order in which they were
 * given.
 */
export async function infosOf(
  request: RequestContext,
  contactIds: readonly number[],
): Promise<Map<number, ContactInfo[]>> {
  const ctx = contextOf(request);
  const infos = await inChunks(contactIds, (some) =>
    ctx.em.find(ContactInfo, { contact: { $in: some } }, { orderBy: { id: 'asc' } }),
  );
  return Map.groupBy(infos, (info) => info.contact.id);
}

/** The email address of a contact: the primary one, or else the first. */
export function emailOf(infos: readonly ContactInfo[]): ContactInfo | undefined {
  const emails = infos.filter((info) => info.infoType === 'EMAIL');
  return emails.find((email) => email.isPrimary) ?? emails[0];
}
