import { Badge, Button, Progress, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useClient } from 'urql';
import { type Connection, usePages } from '../api/use-pages.ts';
import { Fact } from '../app/exact-time.tsx';
import { FormDialog } from '../app/form-dialog.tsx';
import { ListedRecord, RecordList } from '../app/record-list.tsx';
import { formatSize } from '../files/format-size.ts';
import { format, messages } from '../messages/messages.ts';
import { useViewer } from '../sign-in/viewer.tsx';
import { percentOf } from '../uploads/format-progress.ts';
import { cancelUnfinishedUpload, readUploads, type UploadRecord } from './upload-documents.ts';

/**
 * The unfinished uploads of a user, which count towards the limits: how far they are; cancel them.
 */
export function UnfinishedUploads({ userId }: { userId: string }) {
  const client = useClient();
  const pages = usePages<UploadRecord, Connection<UploadRecord>>(useMemo(() => readUploads(userId), [userId]));
  const [cancelling, setCancelling] = useState<UploadRecord>();
  const texts = messages.unfinishedUploads;
  return (
    <section aria-label={texts.title}>
      <Title order={3} size="h4">
        {texts.title}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {texts.help}
      </Text>
      <RecordList label={texts.title} pages={pages} none={texts.none}>
        {(upload) => <ListedUpload upload={upload} onCancel={() => setCancelling(upload)} />}
      </RecordList>
      {cancelling && (
        <FormDialog
          title={texts.cancelTitle}
          submit={texts.cancel}
          dismiss={texts.keep}
          isDangerous
          onClose={() => setCancelling(undefined)}
          onSubmit={async () => {
            const { error } = await client.mutation(cancelUnfinishedUpload, { id: cancelling.id });
            if (!error) await pages.refetch();
            return error;
          }}
        >
          <Text style={{ overflowWrap: 'anywhere' }}>{format(texts.cancelQuestion, { name: cancelling.name })}</Text>
        </FormDialog>
      )}
    </section>
  );
}

function ListedUpload({ upload, onCancel }: { upload: UploadRecord; onCancel(): void }) {
  const { canWrite } = useViewer();
  const { name, size, receivedBytes, startedAt, expiresAt, onId, uploadToken } = upload;
  const texts = messages.unfinishedUploads;
  const received = formatSize(receivedBytes);
  return (
    <ListedRecord
      title={name}
      badges={uploadToken && <Badge variant="default">{format(texts.guest, { token: uploadToken.id })}</Badge>}
      details={[
        {
          key: 'received',
          value:
            size === null
              ? format(texts.receivedSoFar, { received })
              : format(texts.received, { received, size: formatSize(size) }),
        },
        { key: 'on', value: onId && format(texts.on, { place: onId }) },
        { key: 'started', value: <Fact text={texts.started} at={startedAt} /> },
        { key: 'expires', value: <Fact text={texts.expires} at={expiresAt} /> },
      ]}
      footer={
        size !== null && (
          <Progress.Root size="xs" mt={4}>
            <Progress.Section value={percentOf(receivedBytes, size)} aria-label={format(texts.progress, { name })} />
          </Progress.Root>
        )
      }
      actions={
        canWrite && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={onCancel}
            aria-label={format(texts.cancelLabel, { name })}
          >
            {texts.cancel}
          </Button>
        )
      }
    />
  );
}
