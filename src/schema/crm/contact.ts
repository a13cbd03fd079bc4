import type { Currency, ShareType } from '../../database/entities/index.ts';
import { emailOf } from '../../workspace/contact-infos.ts';
import { findCurrencies } from '../../workspace/currencies.ts';
import { createContact, updateContact } from '../../workspace/entities.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { deleteMutation } from '../delete-mutation.ts';
import { idOf } from '../ids.ts';
import { AttachableInterface, ContactNode, EntityInterface } from '../refs.ts';
import { title, webUrl } from '../validators.ts';
import { ContactInfoType, contactInfosOf, infosField, infosIn } from './contact-info.ts';
import { CurrencyType } from './currency.ts';
import { sharingFields, sharingOf } from './entity-access.ts';

const ShareTypeEnum = builder.enumType('ShareType', {
  description: 'What everybody may do with a contact, unless it is private.',
  values: {
    NONE: { description: 'Nothing: it is for its creator, administrators and those on its access list.' },
    READ: { description: 'See it and its files.' },
    READ_WRITE: { description: 'Also change it, attach files to it and detach them.' },
  } satisfies Record<ShareType, object>,
});

const currencyOf = batchLoader<string, Currency | undefined>(async (abbreviations, context) => {
  const found = await findCurrencies(context, abbreviations);
  return abbreviations.map((abbreviation) => found.get(abbreviation));
});

builder.objectType(ContactNode, {
  description: 'A person or a company that the team deals with.',
  interfaces: [EntityInterface, AttachableInterface],
  fields: (t) => ({
    displayName: t.exposeString('displayName', { description: 'What it is called.' }),
    isCompany: t.exposeBoolean('isCompany', { description: 'A company, rather than a person.' }),
    smallPhotoUrl: t.exposeString('smallPhotoUrl', { nullable: true, description: 'A small picture of it, if any.' }),
    mediumPhotoUrl: t.exposeString('mediumPhotoUrl', { nullable: true, description: 'A larger one, if any.' }),
    infos: t.field({
      type: [ContactInfoType],
      description: 'All ways to reach it, in the order in which they were given.',
      resolve: (contact, _args, context) => contactInfosOf(contact.id, context),
    }),
    emails: t.field({
      type: [ContactInfoType],
      description: 'Those of its infos that are e-mail addresses.',
      resolve: async (contact, _args, context) =>
        (await contactInfosOf(contact.id, context)).filter((info) => info.infoType === 'EMAIL'),
    }),
    email: t.field({
      type: ContactInfoType,
      nullable: true,
      description: 'Where to write to: the primary e-mail address, or else the first; null when there is none.',
      resolve: async (contact, _args, context) => emailOf(await contactInfosOf(contact.id, context)),
    }),
    currency: t.field({
      type: CurrencyType,
      nullable: true,
      description: 'What it is dealt with in; null when nobody said.',
      resolve: (contact, _args, context) => contact.currency && currencyOf(contact.currency.abbreviation, context),
    }),
    shareType: t.expose('shareType', {
      type: ShareTypeEnum,
      description: 'What everybody may do with it, unless it is private.',
    }),
    isShared: t.boolean({
      description: 'Whether everybody may see it: it is not private, and its `shareType` is not NONE.',
      resolve: (contact) => !contact.isPrivate && contact.shareType !== 'NONE',
    }),
  }),
});

const currencyInput = 'What it is dealt with in, as ISO 4217 abbreviates it: one of `currencies`';

builder.relayMutationField(
  'createContact',
  {
    description: 'A new contact.',
    inputFields: (t) => ({
      displayName: t.string({
        required: true,
        validate: title,
        description: 'What it is called; 1 to 500 characters.',
      }),
      isCompany: t.boolean({ defaultValue: false, description: 'A company, rather than a person.' }),
      smallPhotoUrl: t.string({ validate: webUrl, description: 'A small picture of it.' }),
      mediumPhotoUrl: t.string({ validate: webUrl, description: 'A larger one.' }),
      infos: infosField(t),
      currency: t.string({ description: `${currencyInput}.` }),
      shareType: t.field({
        type: ShareTypeEnum,
        defaultValue: 'READ_WRITE',
        description: 'What everybody may do with it, unless it is private.',
      }),
      ...sharingFields(t),
    }),
  },
  {
    description: 'Creates a contact.',
    resolve: async (_root, { input }, context) => ({
      contact: await createContact(context, {
        ...input,
        ...sharingOf(input),
        isCompany: input.isCompany ?? undefined,
        infos: infosIn(input.infos),
        shareType: input.shareType ?? undefined,
      }),
    }),
  },
  {
    description: 'The new contact.',
    outputFields: (t) => ({
      contact: t.field({ type: ContactNode, description: 'As it was created.', resolve: (payload) => payload.contact }),
    }),
  },
);

builder.relayMutationField(
  'updateContact',
  {
    description: 'What to change of a contact. What is left out stays as it is.',
    inputFields: (t) => ({
      contactId: t.id({ required: true, description: 'Which one, as in `Contact:1`.' }),
      displayName: t.string({ validate: title, description: 'What it is called; 1 to 500 characters.' }),
      isCompany: t.boolean({ description: 'A company, rather than a person.' }),
      smallPhotoUrl: t.string({ validate: webUrl, description: 'A small picture of it; null for none.' }),
      mediumPhotoUrl: t.string({ validate: webUrl, description: 'A larger one; null for none.' }),
      infos: infosField(t),
      currency: t.string({ description: `${currencyInput}; null for none.` }),
      shareType: t.field({
        type: ShareTypeEnum,
        description: 'What everybody may do with it, unless it is private. Only those who may delete it may say so.',
      }),
      ...sharingFields(t),
    }),
  },
  {
    description: 'Changes a contact that you may edit.',
    resolve: async (_root, { input: { contactId, ...input } }, context) => ({
      contact: await updateContact(context, idOf('Contact', contactId), {
        ...input,
        ...sharingOf(input),
        displayName: input.displayName ?? undefined,
        isCompany: input.isCompany ?? undefined,
        infos: infosIn(input.infos),
        shareType: input.shareType ?? undefined,
      }),
    }),
  },
  {
    description: 'The changed contact.',
    outputFields: (t) => ({
      contact: t.field({ type: ContactNode, description: 'As it is now.', resolve: (payload) => payload.contact }),
    }),
  },
);

deleteMutation(
  'Contact',
  'Deletes a contact that you created, with its history. Its files that are attached to nothing else are removed.',
);
