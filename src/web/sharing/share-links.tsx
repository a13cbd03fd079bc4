import { Badge, PasswordInput, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useClient } from 'urql';
import { type Connection, usePages } from '../api/use-pages.ts';
import { FormDialog } from '../app/form-dialog.tsx';
import type { Secret } from '../app/secret-dialog.tsx';
import { messages } from '../messages/messages.ts';
import { GuestAccessSection } from './guest-access-section.tsx';
import { LifetimeSelect } from './lifetime-select.tsx';
import { createShareLink, readShareLinks, revokeShareLink, type ShareLinkRecord } from './sharing-documents.ts';

/** The share links of a place. */
export function ShareLinks({ placeId }: { placeId: string }) {
  const client = useClient();
  const pages = usePages<ShareLinkRecord, Connection<ShareLinkRecord>>(
    useMemo(() => readShareLinks(placeId), [placeId]),
  );
  const texts = messages.sharing.links;
  return (
    <GuestAccessSection
      texts={texts}
      pages={pages}
      titleOf={({ name }) => name || texts.unnamed}
      badgesOf={({ hasPassword }) => hasPassword && <Badge variant="default">{texts.withPassword}</Badge>}
      detailsOf={() => []}
      revoke={({ id }) => client.mutation(revokeShareLink, { id }).toPromise()}
      createDialog={(callbacks) => <CreateShareLinkDialog placeId={placeId} {...callbacks} />}
    />
  );
}

interface CreateDialogProps {
  placeId: string;
  onCreated(secret: Secret): void;
  onClose(): void;
}

function CreateShareLinkDialog({ placeId, onCreated, onClose }: CreateDialogProps) {
  const client = useClient();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [seconds, setSeconds] = useState(7 * 86_400);
  const texts = messages.sharing.links;

  async function create() {
    const input = { on: placeId, expiresIn: seconds, name: name.trim(), ...(password && { password }) };
    const { data, error } = await client.mutation(createShareLink, { input });
    if (data) onCreated({ title: texts.secretTitle, value: data.createShareLink.url, help: texts.secretHelp });
    return error;
  }

  return (
    <FormDialog title={texts.create} submit={texts.submit} onSubmit={create} onClose={onClose}>
      <TextInput
        label={texts.name}
        description={texts.nameHelp}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={500}
        data-autofocus
      />
      <LifetimeSelect value={seconds} onChange={setSeconds} />
      <PasswordInput
        label={texts.password}
        description={texts.passwordHelp}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        minLength={8}
        maxLength={200}
        autoComplete="new-password"
      />
    </FormDialog>
  );
}
