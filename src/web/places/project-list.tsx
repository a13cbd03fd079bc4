import { Alert, Anchor, List, Loader, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { graphql } from '../generated/index.ts';
import { format, messages } from '../messages/messages.ts';

const projectsQuery = graphql(`
  query Projects($first: Int!, $after: String) {
    projects(first: $first, after: $after) {
      nodes {
        id
        title
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** The projects that the viewer may see. */
export function ProjectList() {
  const [{ data, error }] = useQuery({ query: projectsQuery, variables: { first: 50 } });
  if (error) return <Alert color="red">{format(messages.failed, { message: error.message })}</Alert>;
  if (!data) return <Loader aria-label={messages.loading} />;
  return (
    <>
      <Title order={2}>{messages.navigation.projects}</Title>
      <List>
        {data.projects.nodes.map((project) => (
          <List.Item key={project.id}>
            <Anchor component={Link} href={`/${project.id}`}>
              {project.title}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </>
  );
}
