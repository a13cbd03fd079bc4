import { z } from 'zod';
import type { ContactInfo, InfoType } from '../../database/entities/index.ts';
import { categoriesOf, type InfoEntry, infosOf } from '../../workspace/contact-infos.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder, type InputFields } from '../builder.ts';

const infoTypes: Record<InfoType, string> = {
  PHONE: 'A telephone number.',
  EMAIL: 'An e-mail address.',
  WEBSITE: 'A page of its own.',
  SKYPE: 'A Skype name.',
  TWITTER: 'A Twitter name, now X.',
  LINKEDIN: 'A LinkedIn profile.',
  FACEBOOK: 'A Facebook profile.',
  ADDRESS: 'Where letters go.',
  LIVEJOURNAL: 'A LiveJournal.',
  MYSPACE: 'A MySpace page.',
  GMAIL: 'A Gmail address.',
  BLOGGER: 'A Blogger page.',
  YAHOO: 'A Yahoo name.',
  MSN: 'An MSN name.',
  ICQ: 'An ICQ number.',
  JABBER: 'A Jabber address.',
  AIM: 'An AIM name.',
  VK: 'A VK profile.',
};

const InfoTypeEnum = builder.enumType('ContactInfoType', {
  description: 'The kinds of ways to reach a contact.',
  values: Object.fromEntries(Object.entries(infoTypes).map(([type, description]) => [type, { description }])) as {
    [Type in InfoType]: { description: string };
  },
});

const numbers =
  '0 home, 1 work, 2 other; of a PHONE 0 home, 1 work, 2 mobile, 3 fax, 4 direct, 5 other; ' +
  'of an ADDRESS 0 home, 1 postal, 2 office, 3 billing, 4 other, 5 work.';

export const ContactInfoType = builder.objectRef<ContactInfo>('ContactInfo').implement({
  description: 'One way to reach a contact.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'A number of its own, until the infos are replaced.' }),
    infoType: t.expose('infoType', { type: InfoTypeEnum, description: 'Which kind it is.' }),
    category: t.exposeInt('category', { description: `What it is used for: ${numbers}` }),
    categoryName: t.string({
      description: 'The same in a word, as in `Home`.',
      resolve: (info) => categoriesOf(info.infoType)[info.category] ?? 'Other',
    }),
    data: t.exposeString('data', { description: 'The number, address or name itself.' }),
    isPrimary: t.exposeBoolean('isPrimary', { description: 'Whether it is the first to try of its kind.' }),
  }),
});

const data = z.string().trim().min(1, 'must not be empty').max(2000, 'may have at most 2,000 characters');

const ContactInfoInput = builder.inputType('ContactInfoInput', {
  description: 'One way to reach a contact.',
  fields: (t) => ({
    infoType: t.field({ type: InfoTypeEnum, required: true, description: 'Which kind it is.' }),
    category: t.int({ defaultValue: 0, description: `What it is used for: ${numbers}` }),
    data: t.string({
      required: true,
      validate: data,
      description: 'The number, address or name itself; 1 to 2,000 characters.',
    }),
    isPrimary: t.boolean({
      defaultValue: false,
      description: 'Whether it is the first to try of its kind; at most one of each kind is.',
    }),
  }),
});

/** The input field with all the ways to reach a contact. */
export const infosField = (t: InputFields) =>
  t.field({
    type: [ContactInfoInput],
    description: 'All ways to reach it; at most 100, in the place of all that there are.',
  });

/** What that field says. Null is the same as nothing said. */
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
