import type { Topic } from './example.ts';

export const lists: Topic = {
  name: 'lists',
  examples: [
    {
      name: 'Workspace',
      query: `# What you may see, with the files on it.
# Run it: the button to the right, or Ctrl-Enter.
query Workspace {
  viewer { displayName }
  projects(first: 5) {
    nodes {
      id
      title
      tasks(first: 5) {
        nodes {
          id
          title
          files(first: 5) {
            totalCount
            nodes { id name size contentType url(expiresIn: 3600) }
          }
        }
      }
    }
  }
  entities(first: 5) {
    nodes { id entityType title }
  }
}
`,
    },
    {
      name: 'FilesOfProject',
      query: `# Also the files of its tasks and comments. The next page
# starts after the endCursor of this one.
query FilesOfProject($after: String, $filter: FileFilter, $orderBy: FileOrder) {
  project(id: "Project:1") {
    files(first: 20, after: $after, include: TASKS, filter: $filter, orderBy: $orderBy) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id name size isImage status thumbnailUrl(expiresIn: 3600) createdAt }
    }
  }
}
`,
      variables: { filter: { nameContains: '' }, orderBy: { field: 'SIZE', direction: 'DESC' } },
    },
    {
      name: 'ImagesOfAll',
      query: `query ImagesOfAll {
  files(first: 20, filter: { isImage: true }, orderBy: { field: CREATED_AT, direction: DESC }) {
    nodes { id name width height thumbnailUrl(expiresIn: 3600) url(expiresIn: 3600) }
  }
}
`,
    },
    {
      name: 'OpenTasks',
      query: `query OpenTasks($projectId: ID) {
  tasks(first: 20, projectId: $projectId, filter: { isClosed: false }) {
    totalCount
    nodes {
      id
      title
      priority
      deadline
      responsibles { displayName }
      comments(first: 3) { nodes { id body files(first: 3) { nodes { name url(expiresIn: 3600) } } } }
    }
  }
}
`,
      variables: { projectId: 'Project:1' },
    },
    {
      name: 'TaskDetails',
      query: `query TaskDetails {
  task(id: "Task:1") {
    title
    description
    project { id title }
    canEdit
    viewerCanAttach
    files(first: 20) { eventCursor nodes { id name version url(expiresIn: 3600) } }
  }
}
`,
    },
    {
      name: 'EntityWithHistory',
      query: `query EntityWithHistory($id: ID!) {
  entity(id: $id) {
    id
    entityType
    title
    isPrivate
    files(first: 10) { nodes { id name url(expiresIn: 3600) } }
    history(first: 10) { nodes { content createdAt category { title } files { name url(expiresIn: 3600) } } }
    ... on Contact { displayName infos { infoType data isPrimary } currency { symbol } }
  }
}
`,
      variables: { id: 'Contact:1' },
    },
    {
      name: 'NodesById',
      query: `# Anything by its id.
query NodesById($ids: [ID!]!) {
  node(id: "Task:1") { __typename id }
  nodes(ids: $ids) {
    __typename
    id
    ... on Attachable { viewerCanAttach files(first: 3) { totalCount } }
  }
}
`,
      variables: { ids: ['Project:1', 'Task:2', 'Contact:1'] },
    },
    {
      name: 'Catalogues',
      query: `query Catalogues {
  categories(first: 20) { nodes { id title color } }
  currencies { abbreviation symbol title }
}
`,
    },
  ],
};

export const subscriptions: Topic = {
  name: 'subscriptions',
  examples: [
    {
      name: 'NewFiles',
      query: `# Run it, then upload a file to Task:1 in another tab of
# the browser. Each event is added to the list below the
# response. With $after and cursor nothing is missed when
# the connection is lost.
subscription NewFiles($on: ID!, $after: String) {
  fileAdded(on: $on, after: $after) {
    cursor
    file { id name size contentType url(expiresIn: 3600) thumbnailUrl(expiresIn: 3600) }
    on { __typename id }
    actor { displayName }
    at
  }
}
`,
      variables: { on: 'Project:1' },
    },
    {
      name: 'AllChanges',
      query: `subscription AllChanges($on: ID!, $after: String) {
  fileEvents(on: $on, after: $after) {
    cursor
    type
    file { id name version status available url(expiresIn: 3600) }
    previousFileId
    onId
    actor { displayName }
    at
    session
  }
}
`,
      variables: { on: 'Project:1' },
    },
    {
      name: 'ListWithCursor',
      query: `# Subscribe with this eventCursor as $after: the events
# continue where the list ends.
query ListWithCursor {
  task(id: "Task:1") {
    files(first: 50) {
      eventCursor
      nodes { id name }
    }
  }
}
`,
    },
    {
      name: 'PastEvents',
      query: `# Without a subscription: what happened after a cursor.
query PastEvents($on: ID!, $after: String) {
  fileEvents(on: $on, first: 20, after: $after) {
    nodes { cursor type file { id name } actor { displayName } at }
    pageInfo { hasNextPage endCursor }
  }
}
`,
      variables: { on: 'Project:1' },
    },
  ],
};
