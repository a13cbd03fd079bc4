import { Anchor, Stack, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { Loading } from '../app/loading.tsx';
import { NotFound, ViewError } from '../app/not-found.tsx';
import { useTitle } from '../app/use-title.ts';
import { messages } from '../messages/messages.ts';
import { useViewer } from '../sign-in/viewer.tsx';
import { projectQuery } from './member-documents.ts';
import { MemberList } from './member-list.tsx';
import { QuotaPanel } from './quota-panel.tsx';

/** Who may see and change a project, and how much of its quota is used. */
export function MembersPanel({ projectId }: { projectId: string }) {
  const [{ data, error }, refetch] = useQuery({
    query: projectQuery,
    variables: { id: projectId },
    requestPolicy: 'cache-and-network',
  });
  const reload = () => refetch({ requestPolicy: 'network-only' });
  const { canAdminister } = useViewer();
  useTitle(messages.members.title);
  const texts = messages.members;
  if (error) return <ViewError error={error} missing={texts.missing} onRetry={reload} />;
  if (!data) return <Loading />;
  if (!data.project) return <NotFound text={texts.missing} />;
  const { project } = data;
  return (
    <Stack gap="lg">
      <div>
        <Anchor component={Link} href={`/${project.id}`} size="sm">
          <bdi>{project.title}</bdi>
        </Anchor>
        <Title order={2}>{texts.title}</Title>
      </div>
      <MemberList projectId={project.id} canEdit={project.canEdit} />
      <QuotaPanel project={project} canEdit={canAdminister} onChange={reload} />
    </Stack>
  );
}
