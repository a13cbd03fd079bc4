import { Button, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { FormDialog } from '../app/form-dialog.tsx';
import { graphql } from '../generated/index.ts';
import { messages } from '../messages/messages.ts';
import { useRename, useViewer } from '../sign-in/viewer.tsx';

const changeName = graphql(`
  mutation ChangeName($input: UpdateUserInput!) {
    updateUser(input: $input) {
      user {
        id
        displayName
      }
    }
  }
`);

interface ChangeNameProps {
  user: { id: string; displayName: string; hasIdentity: boolean };
  onChange(): void;
}

/** Changes the name of the viewer, unless an identity provider sets it at each sign-in. */
export function ChangeName({ user, onChange }: ChangeNameProps) {
  const client = useClient();
  const rename = useRename();
  const { canWrite } = useViewer();
  const [name, setName] = useState<string>();
  const texts = messages.account;
  if (user.hasIdentity)
    return (
      <Text size="sm" c="dimmed">
        {texts.managedName}
      </Text>
    );
  if (!canWrite) return null;

  async function save() {
    const input = { userId: user.id, displayName: (name ?? '').trim() };
    const { data, error } = await client.mutation(changeName, { input });
    if (data) {
      rename(data.updateUser.user.displayName);
      onChange();
    }
    return error;
  }

  return (
    <>
      <Button variant="default" size="compact-sm" mt="xs" onClick={() => setName(user.displayName)}>
        {texts.changeName}
      </Button>
      {name !== undefined && (
        <FormDialog
          title={texts.changeName}
          submit={texts.save}
          isReady={name.trim() !== ''}
          onSubmit={save}
          onClose={() => setName(undefined)}
        >
          <TextInput
            label={texts.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="name"
            maxLength={500}
            required
            data-autofocus
          />
        </FormDialog>
      )}
    </>
  );
}
