import { Badge, Button, Group, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useClient } from 'urql';
import { type Connection, MAX_PAGE_SIZE, usePages } from '../api/use-pages.ts';
import { Fact } from '../app/exact-time.tsx';
import { FormDialog } from '../app/form-dialog.tsx';
import { ListedRecord, RecordList } from '../app/record-list.tsx';
import { type Secret, SecretDialog } from '../app/secret-dialog.tsx';
import { useRefreshWhenSeen } from '../live/refresh-when-seen.ts';
import { format, messages } from '../messages/messages.ts';
import { useViewer } from '../sign-in/viewer.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { type KeyRecord, readKeys, revokeKey } from './key-documents.ts';

interface KeysPanelProps {
  userId: string;
  /** Whether these are the viewer's own keys. */
  isOwn: boolean;
  /** The name of the user. */
  userName: string;
  /** Whether the user is an administrator, whose keys may have the scope ADMIN. */
  isAdmin: boolean;
}

/** The API keys of a user: what they permit, when they were used; create and revoke them. */
export function KeysPanel({ userId, isOwn, userName, isAdmin }: KeysPanelProps) {
  const client = useClient();
  const pages = usePages<KeyRecord, Connection<KeyRecord>>(useMemo(() => readKeys(userId), [userId]));
  // The server stores the use of a key some time after it. A refetch would shorten a longer list.
  useRefreshWhenSeen(() => void (pages.nodes.length <= MAX_PAGE_SIZE && pages.refetch()));
  const { canWrite } = useViewer();
  const [isCreating, setIsCreating] = useState(false);
  const [secret, setSecret] = useState<Secret>();
  const [revoking, setRevoking] = useState<KeyRecord>();
  const texts = messages.keys;
  return (
    <section aria-label={texts.title}>
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h4">
          {texts.title}
        </Title>
        {canWrite && (
          <Button size="compact-sm" onClick={() => setIsCreating(true)}>
            {texts.create}
          </Button>
        )}
      </Group>
      <RecordList label={texts.title} pages={pages} none={texts.none}>
        {(key) => <ListedKey apiKey={key} onRevoke={() => setRevoking(key)} />}
      </RecordList>
      {isCreating && (
        <CreateKeyDialog
          user={isOwn ? undefined : { id: userId, name: userName }}
          isAdmin={isAdmin}
          onClose={() => setIsCreating(false)}
          onCreated={(created) => {
            setSecret(created);
            pages.refetch();
          }}
        />
      )}
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />}
      {revoking && (
        <FormDialog
          title={texts.revokeTitle}
          submit={texts.revoke}
          isDangerous
          onClose={() => setRevoking(undefined)}
          onSubmit={async () => {
            const { error } = await client.mutation(revokeKey, { id: revoking.id });
            if (!error) await pages.refetch();
            return error;
          }}
        >
          <Text style={{ overflowWrap: 'anywhere' }}>{format(texts.revokeQuestion, { name: revoking.name })}</Text>
        </FormDialog>
      )}
    </section>
  );
}

function ListedKey({ apiKey, onRevoke }: { apiKey: KeyRecord; onRevoke(): void }) {
  const { id, name, scope, createdAt, lastUsedAt, expiresAt, revokedAt, canRevoke } = apiKey;
  const texts = messages.keys;
  const isExpired = expiresAt !== null && Date.parse(expiresAt) <= Date.now();
  return (
    <ListedRecord
      title={name}
      badges={
        <>
          <Badge variant="default">{texts.scopes[scope]}</Badge>
          {revokedAt && <Badge color="red">{messages.records.revoked}</Badge>}
          {!revokedAt && isExpired && <Badge color="gray">{messages.records.expired}</Badge>}
        </>
      }
      details={[
        { key: 'id', value: id },
        { key: 'created', value: <Fact text={messages.records.created} at={createdAt} /> },
        { key: 'used', value: lastUsedAt ? <Fact text={texts.used} at={lastUsedAt} /> : texts.unused },
        { key: 'expires', value: expiresAt ? <Fact text={messages.records.expires} at={expiresAt} /> : texts.noExpiry },
        { key: 'revoked', value: revokedAt && <Fact text={messages.records.revokedAt} at={revokedAt} /> },
      ]}
      actions={
        !revokedAt &&
        canRevoke && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={onRevoke}
            aria-label={format(messages.records.revokeLabel, { name })}
          >
            {texts.revoke}
          </Button>
        )
      }
    />
  );
}
