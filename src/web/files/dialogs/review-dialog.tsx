import { Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { FormDialog } from '../../app/form-dialog.tsx';
import { format, messages } from '../../messages/messages.ts';
import { forEachFile, updateFileMutation } from '../file-mutations.ts';
import { NO_REVIEW, type ReviewChoice, reviewChoices, statusOf } from '../review-choices.ts';
import type { FileDialogProps } from './file-dialog-props.ts';

/** A dialog that sets the review status of files. */
export function ReviewDialog({ files, list, onClose }: FileDialogProps) {
  const client = useClient();
  const [choice, setChoice] = useState<ReviewChoice>(files[0]?.status ?? NO_REVIEW);
  const texts = messages.files;
  return (
    <FormDialog
      title={texts.actions.review}
      submit={texts.save}
      onClose={onClose}
      onSubmit={() =>
        forEachFile(files, async ({ id }) => {
          const input = { fileId: id, status: statusOf(choice) };
          const { data, error } = await client.mutation(updateFileMutation, { input });
          if (data) list.insert(data.updateFile.file);
          return error;
        })
      }
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {files.length === 1 ? files[0]?.name : format(texts.count, { count: files.length })}
      </Text>
      <Radio.Group label={texts.review} value={choice} onChange={(value) => setChoice(value as ReviewChoice)}>
        <Stack gap="xs" mt="xs">
          {reviewChoices.map((value) => (
            <Radio key={value} value={value} label={texts.reviewChoices[value]} />
          ))}
        </Stack>
      </Radio.Group>
    </FormDialog>
  );
}
