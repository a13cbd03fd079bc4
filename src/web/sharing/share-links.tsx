import { Badge, PasswordInput, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useClient } from 'urql';
import { type Connection, usePages } from '../api/use-pages.ts';
import { FormDialog } from '../app/form-dialog.tsx';
import { parseCount } from '../app/parse-size.ts';
import type { Secret } from '../app/secret-dialog.tsx';
import { format, messages } from '../messages/messages.ts';
import { type GuestAccessOwner, GuestAccessSection } from './guest-access-section.tsx';
import { LifetimeSelect } from './lifetime-select.tsx';
import { createShareLink, readShareLinks, revokeShareLink, type ShareLinkRecord } from './sharing-documents.ts';

/** The share links of a place or a file, or those that a user created. */
export function ShareLinks({ of, id }: GuestAccessOwner) {
  const client = useClient();
  const pages = usePages<ShareLinkRecord, Connection<ShareLinkRecord>>(useMemo(() => readShareLinks(id), [id]));
  const texts = messages.sharing.links;
  return (
    <GuestAccessSection
      texts={of === 'file' ? { ...texts, help: texts.helpOfFile } : texts}
      pages={pages}
      titleOf={({ name }) => name || texts.unnamed}
      badgesOf={({ hasPassword }) => hasPassword && <Badge variant="default">{texts.withPassword}</Badge>}
      detailsOf={({ usedDownloads, maxDownloads }) => [
        {
          key: 'usage',
          value: maxDownloads !== null && format(texts.usage, { usedDownloads: usedDownloads ?? 0, maxDownloads }),
        },
      ]}
      revoke={({ id }) => client.mutation(revokeShareLink, { id }).toPromise()}
      createDialog={
        of === 'user'
          ? undefined
          : (callbacks) => <CreateShareLinkDialog id={id} isFile={of === 'file'} {...callbacks} />
      }
    />
  );
}

interface CreateDialogProps {
  id: string;
  /** Whether it is a file, and no place. */
  isFile: boolean;
  onCreated(secret: Secret): void;
  onClose(): void;
}

function CreateShareLinkDialog({ id, isFile, onCreated, onClose }: CreateDialogProps) {
  const client = useClient();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [seconds, setSeconds] = useState(7 * 86_400);
  const [downloads, setDownloads] = useState('');
  const texts = messages.sharing.links;
  const maxDownloads = parseCount(downloads);
  const isCount = maxDownloads === null || Boolean(maxDownloads);

  async function create() {
    const limits = { ...(password && { password }), ...(maxDownloads && { maxDownloads }) };
    const input = { ...(isFile ? { fileId: id } : { on: id }), expiresIn: seconds, name: name.trim(), ...limits };
    const { data, error } = await client.mutation(createShareLink, { input });
    if (data) onCreated({ title: texts.secretTitle, value: data.createShareLink.url, help: texts.secretHelp });
    return error;
  }

  return (
    <FormDialog title={texts.create} submit={texts.submit} isReady={isCount} onSubmit={create} onClose={onClose}>
      <TextInput
        label={texts.name}
        description={texts.nameHelp}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={500}
        data-autofocus
      />
      <LifetimeSelect value={seconds} onChange={setSeconds} />
      <TextInput
        label={texts.maxDownloads}
        description={isFile ? texts.maxDownloadsOfFileHelp : texts.maxDownloadsHelp}
        inputMode="numeric"
        value={downloads}
        error={!isCount && messages.quota.notACount}
        onChange={(event) => setDownloads(event.currentTarget.value)}
      />
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
