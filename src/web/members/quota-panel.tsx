import { Alert, Button, Group, Progress, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { FormDialog } from '../app/form-dialog.tsx';
import { parseCount, parseSize, sizeText } from '../app/parse-size.ts';
import { formatSize } from '../files/format-size.ts';
import type { ManagedProjectQuery } from '../generated/graphql.ts';
import { format, messages } from '../messages/messages.ts';
import { setQuota } from './member-documents.ts';

type Project = NonNullable<ManagedProjectQuery['project']>;

interface QuotaPanelProps {
  project: Project;
  /** Whether the viewer sets quotas. */
  canEdit: boolean;
  onChange(): void;
}

/** How much of its quota a project uses. */
export function QuotaPanel({ project, canEdit, onChange }: QuotaPanelProps) {
  const [isEditing, setIsEditing] = useState(false);
  const { usedBytes, maxBytes, usedFiles, maxFiles } = project;
  const texts = messages.quota;
  return (
    <section aria-label={texts.title}>
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h4">
          {texts.title}
        </Title>
        {canEdit && (
          <Button size="compact-sm" variant="default" onClick={() => setIsEditing(true)}>
            {texts.change}
          </Button>
        )}
      </Group>
      <Stack gap="xs">
        <Usage label={texts.bytes} used={usedBytes} max={maxBytes} formatted={formatSize} />
        <Usage label={texts.files} used={usedFiles} max={maxFiles} formatted={String} />
      </Stack>
      {isEditing && <QuotaDialog project={project} onChange={onChange} onClose={() => setIsEditing(false)} />}
    </section>
  );
}

interface UsageProps {
  label: string;
  used: number;
  max: number | null;
  formatted(value: number): string;
}

function Usage({ label, used, max, formatted }: UsageProps) {
  const texts = messages.quota;
  const text =
    max === null
      ? format(texts.unlimited, { used: formatted(used) })
      : format(texts.ofMax, { used: formatted(used), max: formatted(max) });
  const percent = max ? Math.min(100, (100 * used) / max) : 0;
  return (
    <div>
      <Group justify="space-between">
        <Text size="sm">{label}</Text>
        <Text size="sm">{text}</Text>
      </Group>
      {max !== null && (
        <Progress value={percent} color={percent >= 90 ? 'red' : 'indigo'} aria-label={`${label}: ${text}`} />
      )}
    </div>
  );
}

function QuotaDialog({ project, onChange, onClose }: Omit<QuotaPanelProps, 'canEdit'> & { onClose(): void }) {
  const client = useClient();
  const [bytes, setBytes] = useState(project.maxBytes === null ? '' : sizeText(project.maxBytes));
  const [files, setFiles] = useState(project.maxFiles === null ? '' : String(project.maxFiles));
  const texts = messages.quota;
  const [maxBytes, maxFiles] = [parseSize(bytes), parseCount(files)];
  const exceeded = [
    ...(isBelow(maxBytes, project.usedBytes) ? [formatSize(project.usedBytes)] : []),
    ...(isBelow(maxFiles, project.usedFiles) ? [format(texts.fileCount, { count: project.usedFiles })] : []),
  ];
  return (
    <FormDialog
      title={texts.change}
      submit={texts.save}
      isReady={maxBytes !== undefined && maxFiles !== undefined}
      onClose={onClose}
      onSubmit={async () => {
        const input = { projectId: project.id, maxBytes: maxBytes ?? null, maxFiles: maxFiles ?? null };
        const { error } = await client.mutation(setQuota, { input });
        if (!error) onChange();
        return error;
      }}
    >
      <TextInput
        label={texts.bytes}
        description={texts.bytesHelp}
        value={bytes}
        error={maxBytes === undefined && texts.notASize}
        onChange={(event) => setBytes(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label={texts.files}
        description={texts.filesHelp}
        inputMode="numeric"
        value={files}
        error={maxFiles === undefined && texts.notACount}
        onChange={(event) => setFiles(event.currentTarget.value)}
      />
      {/* Exists before its text does: screen readers miss a region that appears with its text. */}
      <div role="status">
        {exceeded.length > 0 && (
          <Alert color="yellow">
            <Text size="sm" c="var(--mantine-color-text)">
              {format(texts.belowUse, { used: exceeded.join(', ') })}
            </Text>
          </Alert>
        )}
      </div>
    </FormDialog>
  );
}

/** Whether a limit that was given is less than what is used. */
const isBelow = (max: number | null | undefined, used: number): boolean => typeof max === 'number' && max < used;
