import { Avatar, Badge, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { ErrorNotice } from '../app/error-notice.tsx';
import { Loading } from '../app/loading.tsx';
import { ScopeNotice } from '../app/scope-notice.tsx';
import { useTitle } from '../app/use-title.ts';
import { graphql } from '../generated/index.ts';
import { messages } from '../messages/messages.ts';
import { ShareLinks } from '../sharing/share-links.tsx';
import { UploadTokens } from '../sharing/upload-tokens.tsx';
import { ChangeName } from './change-name.tsx';
import { KeysPanel } from './keys-panel.tsx';
import { UnfinishedUploads } from './unfinished-uploads.tsx';
import { UploadSessions } from './upload-sessions.tsx';

const accountQuery = graphql(`
  query Account {
    viewer {
      id
      displayName
      title
      email
      isAdmin
      isService
      hasIdentity
    }
  }
`);

/** Who the viewer is, and the viewer's API keys, unfinished uploads, upload sessions and links. */
export function AccountView() {
  const [{ data, error }, refetch] = useQuery({ query: accountQuery });
  useTitle(messages.account.title);
  if (error) return <ErrorNotice error={error} onRetry={() => refetch({ requestPolicy: 'network-only' })} />;
  if (!data) return <Loading />;
  const { id, displayName, title, email, isAdmin, isService } = data.viewer;
  const texts = messages.account;
  return (
    <Stack gap="lg">
      <Group wrap="nowrap" align="flex-start">
        {/* Initials: pictures of other sites do not load here, and those sites would see who is here. */}
        <Avatar name={displayName} color="indigo" variant="filled" aria-hidden />
        <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
          <Title order={2}>
            <bdi>{displayName}</bdi>
          </Title>
          {title && <Text>{title}</Text>}
          <Text c="dimmed">{email ?? texts.noEmail}</Text>
          <Group gap="xs" mt={4}>
            <Badge variant="default">{isAdmin ? texts.administrator : isService ? texts.service : texts.user}</Badge>
            <Text size="sm" c="dimmed">
              {id}
            </Text>
          </Group>
          <ChangeName user={data.viewer} onChange={() => refetch({ requestPolicy: 'network-only' })} />
        </div>
      </Group>
      <ScopeNotice scope="WRITE" />
      <KeysPanel userId={id} isOwn userName={displayName} isAdmin={isAdmin} />
      <UnfinishedUploads userId={id} />
      <UploadSessions userId={id} />
      <ShareLinks of="user" id={id} />
      <UploadTokens of="user" id={id} />
    </Stack>
  );
}
