import { Checkbox, NativeSelect, Stack, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import { Link } from 'wouter';
import { ErrorNotice } from '../app/error-notice.tsx';
import type { UpdateFileInput } from '../generated/graphql.ts';
import { format, messages } from '../messages/messages.ts';
import { updateFileMutation } from './file-mutations.ts';
import type { FileDetails } from './file-query.ts';
import classes from './file-view.module.css';
import { formatSize } from './format-size.ts';
import { RelativeTime } from './relative-time.tsx';
import { ReviewBadge } from './review-badge.tsx';
import { NO_REVIEW, type ReviewChoice, reviewChoices, statusOf } from './review-choices.ts';
import { titleOfPlace } from './title-of-place.ts';

/** What is known about a file; its review and visibility can be changed here. */
export function FileDetailsPanel({ file }: { file: FileDetails }) {
  const client = useClient();
  const [error, setError] = useState<CombinedError>();
  const texts = messages.files;

  /** The cache reads the file again, because it knows the type of what was changed. */
  async function change(input: Omit<UpdateFileInput, 'fileId'>) {
    const { error } = await client.mutation(updateFileMutation, { input: { fileId: file.id, ...input } });
    setError(error);
  }

  return (
    <section aria-label={texts.details}>
      <Stack gap="sm">
        <Title order={3} size="h5">
          {texts.details}
        </Title>
        {file.canReview ? (
          <NativeSelect
            label={texts.review}
            value={file.status ?? NO_REVIEW}
            onChange={(event) => change({ status: statusOf(event.currentTarget.value as ReviewChoice) })}
            data={reviewChoices.map((value) => ({ value, label: texts.reviewChoices[value] }))}
          />
        ) : (
          <ReviewBadge status={file.status} />
        )}
        {file.canEdit && (
          <Checkbox
            label={texts.visible}
            checked={file.available}
            onChange={(event) => change({ available: event.currentTarget.checked })}
          />
        )}
        {error && <ErrorNotice error={error} />}
        <Facts file={file} />
        <AttachedTo file={file} />
      </Stack>
    </section>
  );
}

function Facts({ file }: { file: FileDetails }) {
  const texts = messages.files;
  const { width, height } = file;
  const facts: [string, ReactNode][] = [
    [texts.sizeColumn, formatSize(file.size)],
    [texts.type, file.contentType],
    ...(width && height ? ([[texts.dimensions, format(texts.pixels, { width, height })]] as [string, string][]) : []),
    [texts.versionColumn, file.version],
    [texts.uploaded, <Who key="by" name={file.createdBy.displayName} at={file.createdAt} />],
    [texts.changed, <Who key="by" name={file.updatedBy.displayName} at={file.updatedAt} />],
    [
      texts.sha256,
      <span key="hash" className={classes.hash}>
        {file.sha256}
      </span>,
    ],
  ];
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Who({ name, at }: { name: string; at: string }) {
  return (
    <>
      <bdi>{name}</bdi>, <RelativeTime at={at} />
    </>
  );
}

function AttachedTo({ file }: { file: FileDetails }) {
  const texts = messages.files;
  return (
    <div>
      <Title order={4} size="h6" mb={4}>
        {texts.attachedTo}
      </Title>
      {file.attachedTo.length === 0 && <p className={classes.dimmed}>{texts.attachedToNothing}</p>}
      <ul className={`${classes.list} ${classes.places}`}>
        {file.attachedTo.map((place) => (
          <li key={place.id}>
            <Link href={`/${place.id}`}>
              <bdi>{titleOfPlace(place)}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
