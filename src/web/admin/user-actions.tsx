import { Button, Checkbox, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import { FormDialog } from '../app/form-dialog.tsx';
import type { ManagedUserQuery } from '../generated/graphql.ts';
import { format, messages } from '../messages/messages.ts';
import { disableUser, enableUser, removeUser, updateUser } from './user-documents.ts';

type User = NonNullable<ManagedUserQuery['user']>;
type Action = 'disable' | 'enable' | 'remove' | 'erase' | 'makeAdmin' | 'revokeAdmin';

interface UserActionsProps {
  user: User;
  onChange(): void;
}

/** What an administrator can do with a user. Each has a dialog to confirm it. */
export function UserActions({ user, onChange }: UserActionsProps) {
  const [action, setAction] = useState<Action>();
  const texts = messages.users.actions;
  const possible: Action[] = user.isRemoved
    ? ['erase']
    : [user.isDisabled ? 'enable' : 'disable', user.isAdmin ? 'revokeAdmin' : 'makeAdmin', 'remove'];
  return (
    <Group gap="xs">
      {possible.map((one) => (
        <Button
          key={one}
          size="compact-sm"
          variant="default"
          {...((one === 'remove' || one === 'erase') && { c: 'var(--mantine-color-error)' })}
          onClick={() => setAction(one)}
        >
          {texts[one].submit}
        </Button>
      ))}
      {action && <ActionDialog user={user} action={action} onChange={onChange} onClose={() => setAction(undefined)} />}
    </Group>
  );
}

function ActionDialog({ user, action, onChange, onClose }: UserActionsProps & { action: Action; onClose(): void }) {
  const client = useClient();
  const [erase, setErase] = useState(action === 'erase');
  const texts = messages.users.actions;

  async function run(): Promise<CombinedError | undefined> {
    const { id } = user;
    switch (action) {
      case 'disable':
        return (await client.mutation(disableUser, { id })).error;
      case 'enable':
        return (await client.mutation(enableUser, { id })).error;
      case 'remove':
      case 'erase':
        return (await client.mutation(removeUser, { id, erase })).error;
      case 'makeAdmin':
      case 'revokeAdmin':
        return (await client.mutation(updateUser, { input: { userId: id, isAdmin: action === 'makeAdmin' } })).error;
    }
  }

  return (
    <FormDialog
      title={texts[action].title}
      submit={texts[action].submit}
      isDangerous={action !== 'enable'}
      onClose={onClose}
      onSubmit={async () => {
        const error = await run();
        if (!error) onChange();
        return error;
      }}
    >
      <Text style={{ overflowWrap: 'anywhere' }}>{format(texts[action].question, { name: user.displayName })}</Text>
      {action === 'remove' && (
        <Checkbox
          label={texts.eraseToo}
          description={texts.eraseTooHelp}
          checked={erase}
          onChange={(event) => setErase(event.currentTarget.checked)}
        />
      )}
    </FormDialog>
  );
}
