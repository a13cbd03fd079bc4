import { graphql } from '../generated/index.ts';

export const createTask = graphql(`
  mutation CreateTask($input: CreateTaskInput!) {
    createTask(input: $input) {
      task {
        id databaseId title description deadline alertValue isClosed priority canEdit createdAt
        responsible { id displayName title avatarUrl profileUrl }
        responsibles { id }
        category { id title }
        contact { id displayName }
        entity { __typename id entityType databaseId title }
        project { id }
        createdBy { id }
      }
      taskEdge { cursor node { id } }
    }
  }
`);

export const updateTask = graphql(`
  mutation UpdateTask($input: UpdateTaskInput!) {
    updateTask(input: $input) {
      task {
        id title description deadline alertValue isClosed priority
        responsible { id }
        responsibles { id }
        category { id }
        contact { id }
        entity { id }
      }
    }
  }
`);

export const deleteTask = graphql(`
  mutation DeleteTask($taskId: ID!) {
    deleteTask(input: { taskId: $taskId }) { deletedId }
  }
`);

export const createComment = graphql(`
  mutation CreateComment($taskId: ID!, $body: String!) {
    createComment(input: { taskId: $taskId, body: $body }) {
      comment { id body task { id } createdBy { id } canEdit canDelete }
      commentEdge { cursor node { id } }
    }
  }
`);

export const updateComment = graphql(`
  mutation UpdateComment($commentId: ID!, $body: String!) {
    updateComment(input: { commentId: $commentId, body: $body }) { comment { id body } }
  }
`);

export const deleteComment = graphql(`
  mutation DeleteComment($commentId: ID!) {
    deleteComment(input: { commentId: $commentId }) { deletedId }
  }
`);

export const commentOf = graphql(`
  query CommentOf($id: ID!) {
    node(id: $id) { ... on Comment { body canEdit canDelete viewerCanAttach } }
  }
`);

export const taskOf = graphql(`
  query TaskOf($id: ID!) {
    task(id: $id) {
      title canEdit
      contact { id }
      entity { id }
      comments { totalCount nodes { id } }
    }
  }
`);

export const taskTitles = graphql(`
  query TaskTitles($filter: TaskFilter, $projectId: ID, $first: Int, $after: String) {
    tasks(filter: $filter, projectId: $projectId, first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { title }
    }
  }
`);
