import { z } from 'zod';
import type { ContactInfo, InfoType } from '../../database/entities/index.ts';
import { categoriesOf, type InfoEntry, infosOf } from '../../workspace/contact-infos.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder, type InputFields } from '../builder.ts';

const infoTypes: Record<InfoType, string> = {
  PHONE: 'Telephone number.',
  EMAIL: 'Email address.',
  WEBSITE: 'Website.',
  SKYPE: 'Skype name.',
  TWITTER: 'Name on Twitter, now X.',
  LINKEDIN: 'LinkedIn profile.',
  FACEBOOK: 'Facebook profile.',
  ADDRESS: 'Postal address.',
  LIVEJOURNAL: 'LiveJournal.',
  MYSPACE: 'MySpace page.',
  GMAIL: 'Gmail address.',
  BLOGGER: 'Blogger page.',
  YAHOO: 'Yahoo name.',
  MSN: 'MSN name.',
  ICQ: 'ICQ number.',
  JABBER: 'Jabber address.',
  AIM: 'AIM name.',
  VK: 'VK profile.',
};

const InfoTypeEnum = builder.enumType('ContactInfoType', {
  description: 'Kind of contact information.',
  values: Object.fromEntries(Object.entries(infoTypes).map(([type, description]) => [type, { description }])) as {
    [Type in InfoType]: { description: string };
  },
});

const numbers =
  '0 home, 1 work, 2 other; of a PHONE 0 home, 1 work, 2 mobile, 3 fax, 4 direct, 5 other; ' +
  'of an ADDRESS 0 home, 1 postal, 2 office, 3 billing, 4 other, 5 work.';

export const ContactInfoType = builder.objectRef<ContactInfo>('ContactInfo').implement({
  description: 'Contact information of one kind, such as a telephone number.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', {
      description: 'Number of this entry. It changes when the contact information of the contact is replaced.',
    }),
    infoType: t.expose('infoType', { type: InfoTypeEnum, description: 'Kind of contact information.' }),
    category: t.exposeInt('category', { description: `Use of this entry: ${numbers}` }),
    categoryName: t.string({
      description: 'Name of the `category`, as in `Home`.',
      resolve: (info) => categoriesOf(info.infoType)[info.category] ?? 'Other',
    }),
    data: t.exposeString('data', {
      description: 'The number, address or name, as in `+49 30 901820` or `ada@example.com`.',
    }),
    isPrimary: t.exposeBoolean('isPrimary', { description: 'Whether this is the preferred entry of its kind.' }),
  }),
});

const data = z.string().trim().min(1, 'must not be empty').max(2000, 'may have at most 2,000 characters');

const ContactInfoInput = builder.inputType('ContactInfoInput', {
  description: 'Contact information of one kind, such as a telephone number.',
  fields: (t) => ({
    infoType: t.field({ type: InfoTypeEnum, required: true, description: 'Kind of contact information.' }),
    category: t.int({ defaultValue: 0, description: `Use of this entry: ${numbers}` }),
    data: t.string({
      required: true,
      validate: data,
      description: 'The number, address or name, 1 to 2,000 characters, as in `ada@example.com`.',
    }),
    isPrimary: t.boolean({
      defaultValue: false,
      description: 'Whether this is the preferred entry of its kind. At most one entry of each kind may be.',
    }),
  }),
});

/** The input field with all the ways to reach a contact. */
export const infosField = (t: InputFields) =>
  t.field({
    type: [ContactInfoInput],
    description: 'All contact information of the contact, at most 100 entries. It replaces all existing entries.',
  });

/** Decodes that field. Null is the same as omitted. */
export function infosIn(
  input: readonly (typeof ContactInfoInput.$inferInput)[] | null | undefined,
): InfoEntry[] | undefined {
  return input?.map((info) => ({
    infoType: info.infoType,
    category: info.category ?? undefined,
    data: info.data,
    isPrimary: info.isPrimary ?? undefined,
  }));
}

/** By the id of the contact. */
export const contactInfosOf = batchLoader<number, ContactInfo[]>(async (ids, context) => {
  const infos = await infosOf(context, ids);
  return ids.map((id) => infos.get(id) ?? []);
});
