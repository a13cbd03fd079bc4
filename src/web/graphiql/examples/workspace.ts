import type { Topic } from './example.ts';

export const workspace: Topic = {
  name: 'workspace',
  examples: [
    {
      name: 'CreateProject',
      query: `mutation CreateProject($input: CreateProjectInput!) {
  createProject(input: $input) {
    project { id title viewerRole }
    errors { filename code message }
  }
}
`,
      variables: { input: { title: 'Summer party', description: 'Invitations and photos' } },
    },
    {
      name: 'SetQuota',
      query: `# null removes a limit.
mutation SetQuota($input: UpdateProjectInput!) {
  updateProject(input: $input) {
    project { id title maxBytes maxFiles usedBytes usedFiles }
  }
}
`,
      variables: { input: { projectId: 'Project:2', maxBytes: 1_000_000_000, maxFiles: 1000 } },
    },
    {
      name: 'DeleteProject',
      query: `mutation DeleteProject($projectId: ID!) {
  deleteProject(input: { projectId: $projectId }) { deletedId }
}
`,
      variables: { projectId: 'Project:2' },
    },
    {
      name: 'UpdateTask',
      query: `mutation UpdateTask($input: UpdateTaskInput!) {
  updateTask(input: $input) {
    task { id title isClosed deadline responsibles { displayName } }
  }
}
`,
      variables: { input: { taskId: 'Task:2', responsibleIds: ['User:1'], deadline: '2027-01-31T12:00:00Z' } },
    },
    {
      name: 'DeleteTask',
      query: `mutation DeleteTask($taskId: ID!) {
  deleteTask(input: { taskId: $taskId }) { deletedId }
}
`,
      variables: { taskId: 'Task:3' },
    },
    {
      name: 'EditComment',
      query: `mutation EditComment($input: UpdateCommentInput!) {
  updateComment(input: $input) {
    comment { id body canEdit }
  }
}
`,
      variables: { input: { commentId: 'Comment:1', body: 'The first sketch is attached. What do you think?' } },
    },
    {
      name: 'DeleteComment',
      query: `mutation DeleteComment($commentId: ID!) {
  deleteComment(input: { commentId: $commentId }) { deletedId }
}
`,
      variables: { commentId: 'Comment:1' },
    },
  ],
};

export const crm: Topic = {
  name: 'crm',
  examples: [
    {
      name: 'CreateContact',
      query: `mutation CreateContact($input: CreateContactInput!) {
  createContact(input: $input) {
    contact { id title email { data } infos { infoType data isPrimary } currency { symbol } }
  }
}
`,
      variables: {
        input: {
          displayName: 'Charles Babbage',
          currency: 'GBP',
          infos: [{ infoType: 'EMAIL', data: 'charles@example.org', isPrimary: true }],
        },
      },
    },
    {
      name: 'CreateOpportunityAndCase',
      query: `# Private: only those in accessList see it.
mutation CreateOpportunityAndCase($opportunity: CreateOpportunityInput!, $case: CreateCaseInput!) {
  createOpportunity(input: $opportunity) { opportunity { id title } }
  createCase(input: $case) { case { id title isPrivate accessList { access user { displayName } } } }
}
`,
      variables: {
        opportunity: { title: 'A difference engine' },
        case: { title: 'The crank is stuck', isPrivate: true, accessList: [{ userId: 'User:1', access: 'READ' }] },
      },
    },
    {
      name: 'UpdateEntities',
      query: `mutation UpdateEntities {
  updateContact(input: { contactId: "Contact:1", currency: "EUR" }) { contact { id currency { title } } }
  updateOpportunity(input: { opportunityId: "Opportunity:1", title: "Analytical engine, two of them" }) {
    opportunity { id title }
  }
  updateCase(input: { caseId: "Case:1", title: "The engine skips two teeth" }) { case { id title } }
}
`,
    },
    {
      name: 'DeleteEntities',
      query: `mutation DeleteEntities($contactId: ID!, $opportunityId: ID!, $caseId: ID!) {
  deleteContact(input: { contactId: $contactId }) { deletedId }
  deleteOpportunity(input: { opportunityId: $opportunityId }) { deletedId }
  deleteCase(input: { caseId: $caseId }) { deletedId }
}
`,
      variables: { contactId: 'Contact:2', opportunityId: 'Opportunity:2', caseId: 'Case:2' },
    },
    {
      name: 'CreateCategory',
      query: `mutation CreateCategory($input: CreateCategoryInput!) {
  createCategory(input: $input) {
    category { id title color sortOrder }
  }
}
`,
      variables: { input: { title: 'Contract', color: '#4263eb' } },
    },
    {
      name: 'UpdateCategory',
      query: `mutation UpdateCategory($input: UpdateCategoryInput!) {
  updateCategory(input: $input) {
    category { id title color }
  }
}
`,
      variables: { input: { categoryId: 'Category:1', color: '#2b8a3e' } },
    },
    {
      name: 'DeleteCategory',
      query: `mutation DeleteCategory($categoryId: ID!) {
  deleteCategory(input: { categoryId: $categoryId }) { deletedId }
}
`,
      variables: { categoryId: 'Category:1' },
    },
  ],
};
