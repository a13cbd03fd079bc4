import type { Topic } from './example.ts';

export const sharing: Topic = {
  name: 'sharing',
  examples: [
    {
      name: 'CreateUploadToken',
      query: `# People without an account upload with this token.
mutation CreateUploadToken($input: CreateUploadTokenInput!) {
  createUploadToken(input: $input) {
    token
    uploadToken { id expiresAt maxFiles maxBytes contentTypes }
  }
}
`,
      variables: {
        input: { on: 'Task:1', expiresIn: 3600, maxFiles: 5, contentTypes: ['image/*', 'application/pdf'] },
      },
    },
    {
      name: 'UploadAsGuest',
      query: `# In the editor Headers: { "Authorization": "Bearer upt_…" }
mutation UploadAsGuest($files: [Upload!]!) {
  uploadWithToken(input: { files: $files }) {
    files { fileId name size }
    errors { filename code message }
  }
}
`,
      variables: { files: [] },
    },
    {
      name: 'CreateUploadUrlAsGuest',
      query: `# With an upload token, where files are stored in S3.
mutation CreateUploadUrlAsGuest($input: CreateUploadUrlWithTokenInput!) {
  createUploadUrlWithToken(input: $input) { uploadId uploadUrl method headers { name value } }
}
`,
      variables: {
        input: {
          filename: 'hello.txt',
          size: 5,
          sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
        },
      },
    },
    {
      name: 'CompleteUploadAsGuest',
      query: `mutation CompleteUploadAsGuest($uploadId: ID!) {
  completeUploadWithToken(input: { uploadId: $uploadId }) { file { fileId name size } }
}
`,
      variables: { uploadId: 'the uploadId of createUploadUrlWithToken' },
    },
    {
      name: 'CreateShareLink',
      query: `# The url is a page for people; the token is for clients.
mutation CreateShareLink($input: CreateShareLinkInput!) {
  createShareLink(input: $input) {
    url
    token
    shareLink { id expiresAt hasPassword }
  }
}
`,
      variables: { input: { on: 'Task:1', name: 'Sketches for the customer', expiresIn: 86400 } },
    },
    {
      name: 'SharedFiles',
      query: `# In the editor Headers: { "Authorization": "Bearer shr_…" }
query SharedFiles {
  share {
    name
    expiresAt
    files(first: 20) { totalCount nodes { fileId name size url } }
  }
}
`,
    },
    {
      name: 'TokensAndLinks',
      query: `query TokensAndLinks {
  task(id: "Task:1") {
    uploadTokens(first: 20) { nodes { id usedFiles usedBytes expiresAt revokedAt } }
    shareLinks(first: 20) { nodes { id name expiresAt revokedAt createdBy { displayName } } }
  }
}
`,
    },
    {
      name: 'RevokeTokenAndLink',
      query: `mutation RevokeTokenAndLink($uploadTokenId: ID!, $shareLinkId: ID!) {
  revokeUploadToken(input: { uploadTokenId: $uploadTokenId }) { uploadToken { id revokedAt } }
  revokeShareLink(input: { shareLinkId: $shareLinkId }) { shareLink { id revokedAt } }
}
`,
      variables: { uploadTokenId: 'UploadToken:1', shareLinkId: 'ShareLink:1' },
    },
  ],
};
