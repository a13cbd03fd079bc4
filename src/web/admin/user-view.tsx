import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { KeysPanel } from '../account/keys-panel.tsx';
import { UnfinishedUploads } from '../account/unfinished-uploads.tsx';
import { UploadSessions } from '../account/upload-sessions.tsx';
import { Fact } from '../app/exact-time.tsx';
import { Loading } from '../app/loading.tsx';
import { NotFound, ViewError } from '../app/not-found.tsx';
import { messages } from '../messages/messages.ts';
import { ShareLinks } from '../sharing/share-links.tsx';
import { UploadTokens } from '../sharing/upload-tokens.tsx';
import { UserActions } from './user-actions.tsx';
import { UserBadges } from './user-badges.tsx';
import { managedUserQuery } from './user-documents.ts';

/** A user as administrators see one: state, keys, uploads, share links, and what can be done. */
export function UserView({ userId }: { userId: string }) {
  const [{ data, error }, refetch] = useQuery({
    query: managedUserQuery,
    variables: { id: userId },
    requestPolicy: 'cache-and-network',
  });
  const reload = () => refetch({ requestPolicy: 'network-only' });
  const texts = messages.users;
  if (error) return <ViewError error={error} missing={texts.missing} onRetry={reload} />;
  if (!data) return <Loading />;
  const { user } = data;
  if (!user) return <NotFound text={texts.missing} />;
  return (
    <Stack gap="lg">
      <div style={{ overflowWrap: 'anywhere' }}>
        <Group gap="xs">
          <Title order={3}>
            <bdi>{user.displayName}</bdi>
          </Title>
          <UserBadges user={user} />
        </Group>
        <Text size="sm" c="dimmed">
          {user.id} {user.email && `· ${user.email}`} · <Fact text={messages.records.created} at={user.createdAt} />
        </Text>
        <Anchor component={Link} href={`/admin/audit/${user.id}`} size="sm">
          {texts.itsActions}
        </Anchor>
      </div>
      <UserActions user={user} onChange={reload} />
      {!user.isRemoved && (
        <KeysPanel userId={user.id} isOwn={false} userName={user.displayName} isAdmin={user.isAdmin} />
      )}
      <UnfinishedUploads userId={user.id} />
      <UploadSessions userId={user.id} />
      <ShareLinks of="user" id={user.id} />
      <UploadTokens of="user" id={user.id} />
    </Stack>
  );
}
