import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { FormDialog } from '../app/form-dialog.tsx';
import type { Secret } from '../app/secret-dialog.tsx';
import type { KeyScope } from '../generated/graphql.ts';
import { format, messages } from '../messages/messages.ts';
import { useViewer } from '../sign-in/viewer.tsx';
import { createKey } from './key-documents.ts';

const DAY_MS = 86_400_000;
/** Days; the empty text is a key without an end of its own. */
const LIFETIMES = ['', '7', '30', '90', '365'] as const;
/** Each permits all that those before it do. */
const SCOPES: readonly KeyScope[] = ['READ', 'WRITE', 'ADMIN'];

interface CreateKeyDialogProps {
  /** Undefined for the viewer. */
  user: { id: string; name: string } | undefined;
  isAdmin: boolean;
  onCreated(secret: Secret): void;
  onClose(): void;
}

/** A dialog that creates an API key with a name, a scope and an end. */
export function CreateKeyDialog({ user, isAdmin, onCreated, onClose }: CreateKeyDialogProps) {
  const client = useClient();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<KeyScope>('WRITE');
  const [days, setDays] = useState('');
  const texts = messages.keys;
  const viewer = useViewer();
  // A key permits no more than the one with which it is created, nor than its user may do.
  const scopes = SCOPES.slice(0, SCOPES.indexOf(viewer.scope) + 1).filter((one) => one !== 'ADMIN' || isAdmin);

  async function create() {
    const expiresAt = days === '' ? undefined : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
    const input = { name: name.trim(), scope, ...(user && { userId: user.id }), ...(expiresAt && { expiresAt }) };
    const { data, error } = await client.mutation(createKey, { input });
    if (data) {
      const title = format(texts.secretTitle, { name: input.name });
      const help = user ? format(texts.secretHelpFor, { name: user.name }) : texts.secretHelp;
      onCreated({ title, value: data.createApiKey.key, help });
    }
    return error;
  }

  return (
    <FormDialog
      title={texts.create}
      submit={texts.submit}
      isReady={name.trim() !== ''}
      onSubmit={create}
      onClose={onClose}
    >
      <TextInput
        label={texts.name}
        description={texts.nameHelp}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={500}
        required
        data-autofocus
      />
      <NativeSelect
        label={texts.scope}
        value={scope}
        onChange={(event) => setScope(event.currentTarget.value as KeyScope)}
        data={scopes.map((value) => ({ value, label: texts.scopeChoices[value] }))}
      />
      <NativeSelect
        label={texts.expiry}
        description={texts.expiryHelp}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
        data={LIFETIMES.map((value) => ({
          value,
          label: value ? format(texts.days, { days: value }) : texts.noExpiry,
        }))}
      />
    </FormDialog>
  );
}
