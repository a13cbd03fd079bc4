import { Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { type Connection, usePages } from '../api/use-pages.ts';
import { Fact } from '../app/exact-time.tsx';
import { ListedRecord, RecordList } from '../app/record-list.tsx';
import { format, messages } from '../messages/messages.ts';
import { readSessions, type SessionRecord } from './upload-documents.ts';

/** The open upload sessions of a user. */
export function UploadSessions({ userId }: { userId: string }) {
  const pages = usePages<SessionRecord, Connection<SessionRecord>>(useMemo(() => readSessions(userId), [userId]));
  const texts = messages.uploadSessions;
  return (
    <section aria-label={texts.title}>
      <Title order={3} size="h4">
        {texts.title}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {texts.help}
      </Text>
      <RecordList label={texts.title} pages={pages} none={texts.none}>
        {({ id, openedAt, lastUsedAt, pendingFiles }) => (
          <ListedRecord
            title={id}
            details={[
              { key: 'files', value: format(texts.pendingFiles, { count: pendingFiles }) },
              { key: 'opened', value: <Fact text={texts.opened} at={openedAt} /> },
              { key: 'used', value: <Fact text={texts.used} at={lastUsedAt} /> },
            ]}
          />
        )}
      </RecordList>
    </section>
  );
}
