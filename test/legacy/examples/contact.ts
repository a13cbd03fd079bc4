import type { OnlyofficeContactFragment } from '../../generated/graphql.ts';
import { graphql } from '../../generated/index.ts';
import { ask } from '../../support/client.ts';
import { createCategory, createContact } from '../../support/entities.ts';
import type { TestServer } from '../../support/server.ts';
import { colleague, personOf } from './person.ts';

/** Contacts and categories, which appear in the answers of both ONLYOFFICE calls. */

export const shareTypes = ['NONE', 'READ_WRITE', 'READ'] as const;

export const onlyofficeContact = graphql(`
  fragment OnlyofficeContact on Contact {
    databaseId displayName isCompany smallPhotoUrl mediumPhotoUrl
    accessList { access user { ...OnlyofficePerson } }
    isPrivate isShared shareType
    currency { title symbol abbreviation cultureName isConvertible isBasic }
    canEdit canDelete
  }
`);

export const onlyofficeCategory = graphql(`
  fragment OnlyofficeCategory on Category { databaseId imagePath title description color sortOrder }
`);

/** Maps a contact to the member names of ONLYOFFICE. */
export const contactOf = (contact: OnlyofficeContactFragment) => ({
  SmallFotoUrl: contact.smallPhotoUrl,
  MediumFotoUrl: contact.mediumPhotoUrl,
  DisplayName: contact.displayName,
  IsCompany: contact.isCompany,
  AccessList: contact.accessList.map(({ user }) => personOf(user)),
  IsPrivate: contact.isPrivate,
  IsShared: contact.isShared,
  ShareType: shareTypes.indexOf(contact.shareType),
  Currency: contact.currency && {
    Title: contact.currency.title,
    Symbol: contact.currency.symbol,
    Abbreviation: contact.currency.abbreviation,
    CultureName: contact.currency.cultureName,
    IsConvertable: contact.currency.isConvertible,
    IsBasic: contact.currency.isBasic,
  },
  CanEdit: contact.canEdit,
  CanDelete: contact.canDelete,
  ID: contact.databaseId,
});

/** Creates a company that everybody may read and `editor` may change. */
export async function newCompany(server: TestServer, editor: { id: string }) {
  const { contact } = (
    await ask(server, createContact, {
      input: {
        displayName: 'Babbage & Sons',
        isCompany: true,
        smallPhotoUrl: 'https://example.com/40.png',
        mediumPhotoUrl: 'https://example.com/200.png',
        infos: [
          { infoType: 'PHONE', category: 2, data: '+44 20 7946 0000', isPrimary: true },
          { infoType: 'EMAIL', category: 0, data: 'home@example.com' },
          { infoType: 'EMAIL', category: 1, data: 'office@example.com', isPrimary: true },
        ],
        currency: 'PLN',
        shareType: 'READ',
        accessList: [{ userId: editor.id, access: 'READ_WRITE' }],
      },
    })
  ).createContact;
  return contact;
}

/** The result that `contactOf` must return for such a company, with Ada as its editor. */
export const company = ({ databaseId }: { databaseId: number }, ada: { databaseId: number }) => ({
  SmallFotoUrl: 'https://example.com/40.png',
  MediumFotoUrl: 'https://example.com/200.png',
  DisplayName: 'Babbage & Sons',
  IsCompany: true,
  AccessList: [colleague(ada, 'Ada')],
  IsPrivate: false,
  IsShared: true,
  ShareType: 2,
  Currency: {
    Title: 'Polish złoty',
    Symbol: 'zł',
    Abbreviation: 'PLN',
    CultureName: 'PL',
    IsConvertable: true,
    IsBasic: false,
  },
  CanEdit: true,
  CanDelete: false,
  ID: databaseId,
});

const categoryInput = {
  title: 'Letter',
  description: 'What came by post',
  imagePath: 'https://example.com/letter.png',
  color: '#2f80ed',
  sortOrder: 7,
};

export async function newCategory(server: TestServer) {
  return (await ask(server, createCategory, { input: categoryInput })).createCategory.category;
}

/** Maps a category to the member names of ONLYOFFICE. */
export const categoryOf = (category: { databaseId: number } & { [Key in keyof typeof categoryInput]: unknown }) => ({
  ImagePath: category.imagePath,
  Title: category.title,
  Description: category.description,
  Color: category.color,
  SortOrder: category.sortOrder,
  ID: category.databaseId,
});

/** The result that `categoryOf` must return for such a category. */
export const letter = ({ databaseId }: { databaseId: number }) => ({
  ImagePath: 'https://example.com/letter.png',
  Title: 'Letter',
  Description: 'What came by post',
  Color: '#2f80ed',
  SortOrder: 7,
  ID: databaseId,
});
