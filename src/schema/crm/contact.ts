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
  description: 'Access of all users to a contact that is not private.',
  values: {
    NONE: { description: 'No access: only the creator, administrators and users on the access list see the contact.' },
    READ: { description: 'May see the contact and its files.' },
    READ_WRITE: { description: 'May also change the contact, and attach and detach files.' },
  } satisfies Record<ShareType, object>,
});

const currencyOf = batchLoader<string, Currency | undefined>(async (abbreviations, context) => {
  const found = await findCurrencies(context, abbreviations);
  return abbreviations.map((abbreviation) => found.get(abbreviation));
});

builder.objectType(ContactNode, {
  description: 'A contact: a person or a company that the team deals with.',
  interfaces: [EntityInterface, AttachableInterface],
  fields: (t) => ({
    displayName: t.exposeString('displayName', { description: 'Display name of the contact.' }),
    isCompany: t.exposeBoolean('isCompany', { description: 'Whether the contact is a company rather than a person.' }),
    smallPhotoUrl: t.exposeString('smallPhotoUrl', {
      nullable: true,
      description: 'URL of a small photo; null when there is none.',
    }),
    mediumPhotoUrl: t.exposeString('mediumPhotoUrl', {
      nullable: true,
      description: 'URL of a medium-sized photo; null when there is none.',
    }),
    infos: t.field({
      type: [ContactInfoType],
      description: 'All contact information, in the order in which it was given.',
      resolve: (contact, _args, context) => contactInfosOf(contact.id, context),
    }),
    emails: t.field({
      type: [ContactInfoType],
      description: 'The entries of `infos` that are email addresses.',
      resolve: async (contact, _args, context) =>
        (await contactInfosOf(contact.id, context)).filter((info) => info.infoType === 'EMAIL'),
    }),
    email: t.field({
      type: ContactInfoType,
      nullable: true,
      description: 'The preferred email address, or the first when none is preferred; null when there is none.',
      resolve: async (contact, _args, context) => emailOf(await contactInfosOf(contact.id, context)),
    }),
    currency: t.field({
      type: CurrencyType,
      nullable: true,
      description: 'Currency of the dealings with the contact; null when none is set.',
      resolve: (contact, _args, context) => contact.currency && currencyOf(contact.currency.abbreviation, context),
    }),
    shareType: t.expose('shareType', {
      type: ShareTypeEnum,
      description: 'Access of all users to the contact, unless it is private.',
    }),
    isShared: t.boolean({
      description: 'Whether all users may see the contact: it is not private, and its `shareType` is not NONE.',
      resolve: (contact) => !contact.isPrivate && contact.shareType !== 'NONE',
    }),
  }),
});

const currencyInput = 'Currency of the dealings with the contact, by its ISO 4217 code from `currencies`, as in `EUR`';

builder.relayMutationField(
  'createContact',
  {
    description: 'The contact to create.',
    inputFields: (t) => ({
      displayName: t.string({
        required: true,
        validate: title,
        description: 'Display name of the contact, 1 to 500 characters.',
      }),
      isCompany: t.boolean({
        defaultValue: false,
        description: 'Whether the contact is a company rather than a person.',
      }),
      smallPhotoUrl: t.string({ validate: webUrl, description: 'URL of a small photo.' }),
      mediumPhotoUrl: t.string({ validate: webUrl, description: 'URL of a medium-sized photo.' }),
      infos: infosField(t),
      currency: t.string({ description: `${currencyInput}.` }),
      shareType: t.field({
        type: ShareTypeEnum,
        defaultValue: 'READ_WRITE',
        description: 'Access of all users to the contact, unless it is private.',
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
    description: 'The created contact.',
    outputFields: (t) => ({
      contact: t.field({
        type: ContactNode,
        description: 'The created contact.',
        resolve: (payload) => payload.contact,
      }),
    }),
  },
);

builder.relayMutationField(
  'updateContact',
  {
    description: 'Changes to a contact. Omitted fields keep their values.',
    inputFields: (t) => ({
      contactId: t.id({ required: true, description: 'Id of the contact, as in `Contact:1`.' }),
      displayName: t.string({ validate: title, description: 'Display name of the contact, 1 to 500 characters.' }),
      isCompany: t.boolean({ description: 'Whether the contact is a company rather than a person.' }),
      smallPhotoUrl: t.string({ validate: webUrl, description: 'URL of a small photo; null removes it.' }),
      mediumPhotoUrl: t.string({ validate: webUrl, description: 'URL of a medium-sized photo; null removes it.' }),
      infos: infosField(t),
      currency: t.string({ description: `${currencyInput}; null removes it.` }),
      shareType: t.field({
        type: ShareTypeEnum,
        description:
          'Access of all users to the contact, unless it is private. Only its creator and administrators may ' +
          'set it.',
      }),
      ...sharingFields(t),
    }),
  },
  {
    description: 'Changes a contact. FORBIDDEN when you may see it but not edit it.',
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
      contact: t.field({
        type: ContactNode,
        description: 'The contact after the change.',
        resolve: (payload) => payload.contact,
      }),
    }),
  },
);

deleteMutation(
  'Contact',
  'Deletes a contact that you created, with its history. Its files that are attached to nothing else are removed.',
);
