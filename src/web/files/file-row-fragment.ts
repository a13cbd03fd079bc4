import { graphql } from '../generated/index.ts';

/** What a row of a list of files shows. Others select it by its name, as in `...FileRow`. */
export const fileRowFragment = graphql(`
  fragment FileRow on File {
    id
    name
    size
    contentType
    isImage
    version
    status
    available
    canEdit
    canReview
    canRemove
    createdAt
    createdBy {
      id
      displayName
    }
    thumbnailUrl(width: 64, height: 64, expiresIn: 86400)
  }
`);
