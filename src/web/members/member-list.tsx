import { Badge, Button, Group, NativeSelect, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import { type Connection, usePages } from '../api/use-pages.ts';
import { ErrorNotice } from '../app/error-notice.tsx';
import { FormDialog } from '../app/form-dialog.tsx';
import { ListedRecord, RecordList } from '../app/record-list.tsx';
import type { ProjectRole } from '../generated/graphql.ts';
import { format, messages } from '../messages/messages.ts';
import { AddMemberDialog } from './add-member-dialog.tsx';
import { type Member, ROLES, readMembers, removeMember, updateMember } from './member-documents.ts';

interface MemberListProps {
  projectId: string;
  /** Whether the viewer manages the members. */
  canEdit: boolean;
}

/** The members of a project and their roles. */
export function MemberList({ projectId, canEdit }: MemberListProps) {
  const client = useClient();
  const pages = usePages<Member, Connection<Member>>(useMemo(() => readMembers(projectId), [projectId]));
  const [isAdding, setIsAdding] = useState(false);
  const [removing, setRemoving] = useState<Member>();
  const [error, setError] = useState<CombinedError>();
  const texts = messages.members;

  async function changeRole(member: Member, role: ProjectRole) {
    const { error } = await client.mutation(updateMember, { input: { projectId, userId: member.id, role } });
    setError(error);
    // Also after a refusal: the role is then shown as it is.
    if (!error) pages.update((all) => all.map((one) => (one.id === member.id ? { ...one, role } : one)));
  }

  return (
    <section aria-label={texts.title}>
      {canEdit && (
        <Group justify="flex-end" mb="xs">
          <Button size="compact-sm" onClick={() => setIsAdding(true)}>
            {texts.add}
          </Button>
        </Group>
      )}
      {error && <ErrorNotice error={error} />}
      <RecordList label={texts.title} pages={pages} none={texts.none}>
        {(member) => (
          <ListedRecord
            title={member.displayName}
            badges={
              <>
                {!canEdit && <Badge variant="default">{texts.roles[member.role]}</Badge>}
                {member.isDisabled && <Badge color="gray">{messages.users.disabled}</Badge>}
              </>
            }
            details={[
              { key: 'id', value: member.id },
              { key: 'email', value: member.email },
            ]}
            actions={
              canEdit && (
                <>
                  <NativeSelect
                    size="xs"
                    aria-label={format(texts.roleOf, { name: member.displayName })}
                    value={member.role}
                    onChange={(event) => changeRole(member, event.currentTarget.value as ProjectRole)}
                    data={ROLES.map((value) => ({ value, label: texts.roles[value] }))}
                  />
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={format(texts.removeLabel, { name: member.displayName })}
                    onClick={() => setRemoving(member)}
                  >
                    {texts.remove}
                  </Button>
                </>
              )
            }
          />
        )}
      </RecordList>
      {isAdding && (
        <AddMemberDialog
          projectId={projectId}
          memberIds={new Set(pages.nodes.map(({ id }) => id))}
          onAdded={() => pages.refetch()}
          onClose={() => setIsAdding(false)}
        />
      )}
      {removing && (
        <FormDialog
          title={texts.removeTitle}
          submit={texts.remove}
          isDangerous
          onClose={() => setRemoving(undefined)}
          onSubmit={async () => {
            const { error } = await client.mutation(removeMember, { input: { projectId, userId: removing.id } });
            if (!error) await pages.refetch();
            return error;
          }}
        >
          <Text style={{ overflowWrap: 'anywhere' }}>
            {format(texts.removeQuestion, { name: removing.displayName })}
          </Text>
        </FormDialog>
      )}
    </section>
  );
}
