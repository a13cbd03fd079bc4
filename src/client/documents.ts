import { createHash } from 'node:crypto';

/**
 * Every GraphQL document that the client sends. An operator adds them to `TRUSTED_DOCUMENTS`, so
 * they are complete texts, and no text is put together elsewhere.
 */

const FILE_FIELDS = 'id name size sha256 contentType createdAt version';

const placeList = (field: string) => `query ($after: String) {
  page: ${field}(first: 100, after: $after) { nodes { id title } pageInfo { hasNextPage endCursor } }
}`;

const fileList = (fields: string) => `query ($id: ID!, $first: Int!, $after: String, $include: FileInclude) {
  node(id: $id) {
    ... on Attachable {
      viewerCanAttach
      files(first: $first, after: $after, include: $include) {
        eventCursor
        pageInfo { hasNextPage endCursor }
        edges { cursor node { ${fields} } }
      }
    }
  }
}`;

export const documents = {
  viewer: '{ viewer { id displayName } }',
  projects: placeList('projects'),
  tasks: placeList('tasks'),
  entities: placeList('entities'),
  file: `query ($id: ID!) { file(id: $id) { ${FILE_FIELDS} } }`,
  versions: `query ($id: ID!) { file(id: $id) { versions { ${FILE_FIELDS} } } }`,
  fileList: fileList(FILE_FIELDS),
  fileListWithVersions: fileList(`${FILE_FIELDS} versions { id }`),
  fileListWithPlaces: fileList(`${FILE_FIELDS} attachedTo { id }`),
  detachFiles: 'mutation ($input: DetachFilesInput!) { detachFiles(input: $input) { detachedFileIds } }',
  fileEvents: `subscription ($on: ID!, $after: String) {
  fileEvents(on: $on, after: $after) { cursor }
}`,
  fileAdded: `subscription ($on: ID!, $after: String) {
  fileAdded(on: $on, after: $after) {
    cursor type onId at
    actor { id displayName }
    file { ${FILE_FIELDS} }
  }
}`,
} as const;

/** The documents by their SHA-256, as in `persisted-documents.json` of graphql-codegen. */
export const documentManifest = (): Record<string, string> =>
  Object.fromEntries(
    Object.values(documents).map((document) => [createHash('sha256').update(document).digest('hex'), document]),
  );
