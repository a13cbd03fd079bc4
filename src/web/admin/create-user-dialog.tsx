import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { useLocation } from 'wouter';
import { FormDialog } from '../app/form-dialog.tsx';
import { messages } from '../messages/messages.ts';
import { createUser } from './user-documents.ts';

/** Creates a person or a service account, and opens it, where its first key is created. */
export function CreateUserDialog({ onClose }: { onClose(): void }) {
  const client = useClient();
  const [, navigate] = useLocation();
  const [displayName, setDisplayName] = useState('');
  const [email, setEmail] = useState('');
  const [isService, setIsService] = useState(false);
  const [isAdmin, setIsAdmin] = useState(false);
  const texts = messages.users;

  async function create() {
    const address = isService ? '' : email.trim();
    const input = { displayName: displayName.trim(), isAdmin, isService, ...(address && { email: address }) };
    const { data, error } = await client.mutation(createUser, { input });
    if (data) navigate(`/admin/users/${data.createUser.user.id}`);
    return error;
  }

  return (
    <FormDialog
      title={texts.create}
      submit={texts.submit}
      isReady={displayName.trim() !== ''}
      onSubmit={create}
      onClose={onClose}
    >
      <TextInput
        label={texts.name}
        value={displayName}
        onChange={(event) => setDisplayName(event.currentTarget.value)}
        maxLength={500}
        required
        data-autofocus
      />
      <TextInput
        label={texts.email}
        type="email"
        disabled={isService}
        value={isService ? '' : email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        autoComplete="off"
      />
      <Checkbox
        label={texts.isService}
        description={texts.isServiceHelp}
        checked={isService}
        onChange={(event) => setIsService(event.currentTarget.checked)}
      />
      <Checkbox
        label={texts.isAdmin}
        description={texts.isAdminHelp}
        checked={isAdmin}
        onChange={(event) => setIsAdmin(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}
