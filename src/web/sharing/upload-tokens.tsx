import { TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useClient } from 'urql';
import { type Connection, usePages } from '../api/use-pages.ts';
import { FormDialog } from '../app/form-dialog.tsx';
import { parseCount, parseSize } from '../app/parse-size.ts';
import type { Secret } from '../app/secret-dialog.tsx';
import { formatSize } from '../files/format-size.ts';
import { format, messages } from '../messages/messages.ts';
import { type GuestAccessOwner, GuestAccessSection } from './guest-access-section.tsx';
import { LifetimeSelect } from './lifetime-select.tsx';
import { createUploadToken, readUploadTokens, revokeUploadToken, type UploadTokenRecord } from './sharing-documents.ts';

/** The upload tokens of a place, or those that a user created. */
export function UploadTokens({ of, id }: GuestAccessOwner<'place' | 'user'>) {
  const client = useClient();
  const pages = usePages<UploadTokenRecord, Connection<UploadTokenRecord>>(useMemo(() => readUploadTokens(id), [id]));
  const texts = messages.sharing.tokens;

  const usageOf = ({ usedFiles, maxFiles, usedBytes, maxBytes }: UploadTokenRecord) =>
    format(texts.usage, { usedFiles, maxFiles, usedBytes: formatSize(usedBytes), maxBytes: formatSize(maxBytes) });

  return (
    <GuestAccessSection
      texts={texts}
      pages={pages}
      titleOf={({ id }) => id}
      detailsOf={(token) => [
        { key: 'usage', value: usageOf(token) },
        { key: 'types', value: token.contentTypes.join(', ') },
      ]}
      revoke={({ id }) => client.mutation(revokeUploadToken, { id }).toPromise()}
      createDialog={of === 'user' ? undefined : (callbacks) => <CreateUploadTokenDialog placeId={id} {...callbacks} />}
    />
  );
}

interface CreateDialogProps {
  placeId: string;
  onCreated(secret: Secret): void;
  onClose(): void;
}

function CreateUploadTokenDialog({ placeId, onCreated, onClose }: CreateDialogProps) {
  const client = useClient();
  const [seconds, setSeconds] = useState(86_400);
  const [files, setFiles] = useState('100');
  const [bytes, setBytes] = useState('1 GiB');
  const [types, setTypes] = useState('');
  const texts = messages.sharing.tokens;
  const [maxFiles, maxBytes] = [parseCount(files), parseSize(bytes)];

  async function create() {
    const contentTypes = types.split(/[\s,]+/).filter(Boolean);
    const limits = { ...(maxFiles && { maxFiles }), ...(maxBytes && { maxBytes }) };
    const input = { on: placeId, expiresIn: seconds, ...limits, ...(contentTypes.length > 0 && { contentTypes }) };
    const { data, error } = await client.mutation(createUploadToken, { input });
    if (data) onCreated({ title: texts.secretTitle, value: data.createUploadToken.token, help: texts.secretHelp });
    return error;
  }

  return (
    <FormDialog
      title={texts.create}
      submit={texts.submit}
      isReady={Boolean(maxFiles && maxBytes)}
      onSubmit={create}
      onClose={onClose}
    >
      <LifetimeSelect value={seconds} onChange={setSeconds} />
      <TextInput
        label={texts.maxFiles}
        inputMode="numeric"
        value={files}
        error={!maxFiles && messages.quota.notACount}
        onChange={(event) => setFiles(event.currentTarget.value)}
        required
      />
      <TextInput
        label={texts.maxBytes}
        value={bytes}
        error={!maxBytes && messages.quota.notASize}
        onChange={(event) => setBytes(event.currentTarget.value)}
        required
      />
      <TextInput
        label={texts.types}
        description={texts.typesHelp}
        value={types}
        onChange={(event) => setTypes(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
