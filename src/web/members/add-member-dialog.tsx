import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { FormDialog } from '../app/form-dialog.tsx';
import type { ProjectRole } from '../generated/graphql.ts';
import { messages } from '../messages/messages.ts';
import { useViewer } from '../sign-in/viewer.tsx';
import { addMember, ROLES } from './member-documents.ts';
import { UserPicker } from './user-picker.tsx';

interface AddMemberDialogProps {
  projectId: string;
  /** Users who are members already. */
  memberIds: ReadonlySet<string>;
  onAdded(): void;
  onClose(): void;
}

/**
 * Adds a user: administrators search for one, others name one by an email address or an id.
 */
export function AddMemberDialog({ projectId, memberIds, onAdded, onClose }: AddMemberDialogProps) {
  const client = useClient();
  const { canAdminister } = useViewer();
  const [user, setUser] = useState('');
  const [role, setRole] = useState<ProjectRole>('EDITOR');
  const texts = messages.members;

  async function add() {
    const text = user.trim();
    const named = text.includes('@') ? { email: text } : { userId: text };
    const { error } = await client.mutation(addMember, { input: { projectId, role, ...named } });
    if (!error) onAdded();
    return error;
  }

  return (
    <FormDialog title={texts.add} submit={texts.addIt} isReady={user.trim() !== ''} onSubmit={add} onClose={onClose}>
      {canAdminister ? (
        <UserPicker label={texts.userToAdd} memberIds={memberIds} value={user} onChange={setUser} />
      ) : (
        <TextInput
          label={texts.user}
          description={texts.userHelp}
          value={user}
          onChange={(event) => setUser(event.currentTarget.value)}
          required
          data-autofocus
        />
      )}
      <NativeSelect
        label={texts.role}
        value={role}
        onChange={(event) => setRole(event.currentTarget.value as ProjectRole)}
        data={ROLES.map((value) => ({ value, label: texts.roleChoices[value] }))}
      />
    </FormDialog>
  );
}
