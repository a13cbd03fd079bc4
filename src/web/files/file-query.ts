import type { FileDetailsQuery } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';

export const fileQuery = graphql(`
  query FileDetails($id: ID!) {
    file(id: $id) {
      ...FileRow
      sha256
      charset
      width
      height
      updatedAt
      updatedBy {
        displayName
      }
      attachedTo {
        ...PlaceTitle
        viewerCanAttach
      }
      versions {
        id
        version
        name
        size
        createdAt
        createdBy {
          displayName
        }
        status
        canRemove
      }
      url(expiresIn: 86400)
      largeThumbnailUrl: thumbnailUrl(width: 2048, height: 2048, expiresIn: 86400)
    }
  }
`);

/** One version of a file with all that its view shows. */
export type FileDetails = NonNullable<FileDetailsQuery['file']>;
