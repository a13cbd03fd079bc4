import { graphql } from '../generated/index.ts';

export const createContact = graphql(`
  mutation CreateContact($input: CreateContactInput!) {
    createContact(input: $input) {
      contact {
        id databaseId entityType title displayName isCompany smallPhotoUrl mediumPhotoUrl
        infos { databaseId infoType category categoryName data isPrimary }
        emails { data }
        email { infoType category categoryName data isPrimary }
        currency { title symbol abbreviation cultureName isConvertible isBasic }
        isPrivate isShared shareType
        accessList { access user { id displayName title avatarUrl profileUrl } }
        canEdit canDelete createdAt createdBy { id }
      }
    }
  }
`);

export const updateContact = graphql(`
  mutation UpdateContact($input: UpdateContactInput!) {
    updateContact(input: $input) {
      contact {
        id displayName isCompany smallPhotoUrl mediumPhotoUrl shareType isShared isPrivate canEdit canDelete
        currency { abbreviation }
        infos { infoType data }
        accessList { access user { id } }
      }
    }
  }
`);

export const deleteContact = graphql(`
  mutation DeleteContact($contactId: ID!) {
    deleteContact(input: { contactId: $contactId }) { deletedId }
  }
`);

export const entity = graphql(`
  query Entity($id: ID!) {
    entity(id: $id) { __typename id title isPrivate canEdit canDelete accessList { access user { id } } }
  }
`);

export const entities = graphql(`
  query Entities($type: EntityType, $first: Int, $after: String) {
    entities(type: $type, first: $first, after: $after) {
      totalCount
      edges { cursor }
      nodes { __typename id title canEdit }
    }
  }
`);

export const createOpportunity = graphql(`
  mutation CreateOpportunity($input: CreateOpportunityInput!) {
    createOpportunity(input: $input) {
      opportunity { id title entityType isPrivate canEdit canDelete accessList { access user { id } } }
    }
  }
`);

export const createCase = graphql(`
  mutation CreateCase($input: CreateCaseInput!) {
    createCase(input: $input) {
      case { id title entityType isPrivate canEdit canDelete accessList { access user { id } } }
    }
  }
`);

export const createCategory = graphql(`
  mutation CreateCategory($input: CreateCategoryInput!) {
    createCategory(input: $input) {
      category { id databaseId title description imagePath color sortOrder }
    }
  }
`);

export const deleteCategory = graphql(`
  mutation DeleteCategory($categoryId: ID!) {
    deleteCategory(input: { categoryId: $categoryId }) { deletedId }
  }
`);

export const createLinkedTask = graphql(`
  mutation CreateLinkedTask($input: CreateTaskInput!) {
    createTask(input: $input) { task { id } }
  }
`);
