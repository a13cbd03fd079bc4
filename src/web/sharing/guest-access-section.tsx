import { Badge, Button, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { CombinedError } from 'urql';
import type { Connection, Pages } from '../api/use-pages.ts';
import { Fact } from '../app/exact-time.tsx';
import { FormDialog } from '../app/form-dialog.tsx';
import { ListedRecord, RecordList } from '../app/record-list.tsx';
import { type Secret, SecretDialog } from '../app/secret-dialog.tsx';
import { format, messages } from '../messages/messages.ts';

/** What a share link and an upload token have in common. */
interface GuestAccess {
  id: string;
  onId: string | null;
  createdAt: string;
  expiresAt: string;
  revokedAt: string | null;
  canRevoke: boolean;
  createdBy: { displayName: string };
}

/** Whose list it is: that of a place or a file, or of the user who created them. */
export interface GuestAccessOwner<Kind extends 'place' | 'file' | 'user' = 'place' | 'file' | 'user'> {
  of: Kind;
  id: string;
}

interface GuestAccessSectionProps<Node> {
  texts: Record<'title' | 'help' | 'helpOfUser' | 'create' | 'none' | 'revokeTitle' | 'revokeQuestion', string>;
  pages: Pages<Node, Connection<Node>>;
  titleOf(node: Node): string;
  /** Facts beyond those that both kinds have. */
  detailsOf(node: Node): { key: string; value: ReactNode }[];
  badgesOf?(node: Node): ReactNode;
  revoke(node: Node): Promise<{ error?: CombinedError | undefined }>;
  /** The dialog that creates one, for a place or a file; without it, the list is that of a user. */
  createDialog?: ((callbacks: { onCreated(secret: Secret): void; onClose(): void }) => ReactNode) | undefined;
}

/** A list of share links or of upload tokens: create one for a place, see it once, revoke it. */
export function GuestAccessSection<Node extends GuestAccess>(props: GuestAccessSectionProps<Node>) {
  const { texts, pages, titleOf, detailsOf, badgesOf, revoke, createDialog } = props;
  const [isCreating, setIsCreating] = useState(false);
  const [secret, setSecret] = useState<Secret>();
  const [revoking, setRevoking] = useState<Node>();
  const { records } = messages;
  const isValid = ({ revokedAt, expiresAt }: Node) => !revokedAt && Date.parse(expiresAt) > Date.now();
  return (
    <section aria-label={texts.title}>
      <Group justify="space-between">
        <Title order={3} size="h4">
          {texts.title}
        </Title>
        {createDialog && (
          <Button size="compact-sm" onClick={() => setIsCreating(true)}>
            {texts.create}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed" mb="xs">
        {createDialog ? texts.help : texts.helpOfUser}
      </Text>
      <RecordList label={texts.title} pages={pages} none={texts.none}>
        {(node) => (
          <ListedRecord
            title={titleOf(node)}
            badges={
              <>
                {badgesOf?.(node)}
                {node.revokedAt && <Badge color="red">{records.revoked}</Badge>}
                {!node.revokedAt && !isValid(node) && <Badge color="gray">{records.expired}</Badge>}
              </>
            }
            details={[
              { key: 'id', value: titleOf(node) !== node.id && node.id },
              ...detailsOf(node),
              createDialog
                ? { key: 'by', value: format(records.by, { name: node.createdBy.displayName }) }
                : { key: 'on', value: node.onId && format(messages.unfinishedUploads.on, { place: node.onId }) },
              { key: 'created', value: <Fact text={records.created} at={node.createdAt} /> },
              { key: 'expires', value: <Fact text={records.expires} at={node.expiresAt} /> },
              { key: 'revoked', value: node.revokedAt && <Fact text={records.revokedAt} at={node.revokedAt} /> },
            ]}
            actions={
              isValid(node) &&
              node.canRevoke && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={format(records.revokeLabel, { name: titleOf(node) })}
                  onClick={() => setRevoking(node)}
                >
                  {records.revoke}
                </Button>
              )
            }
          />
        )}
      </RecordList>
      {isCreating &&
        createDialog?.({
          onClose: () => setIsCreating(false),
          onCreated: (created) => {
            setSecret(created);
            pages.refetch();
          },
        })}
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />}
      {revoking && (
        <FormDialog
          title={texts.revokeTitle}
          submit={records.revoke}
          isDangerous
          onClose={() => setRevoking(undefined)}
          onSubmit={async () => {
            const { error } = await revoke(revoking);
            if (!error) await pages.refetch();
            return error;
          }}
        >
          <Text style={{ overflowWrap: 'anywhere' }}>{format(texts.revokeQuestion, { name: titleOf(revoking) })}</Text>
        </FormDialog>
      )}
    </section>
  );
}
