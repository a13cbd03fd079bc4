import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { FormDialog } from '../../app/form-dialog.tsx';
import { messages } from '../../messages/messages.ts';
import { updateFileMutation } from '../file-mutations.ts';
import type { FileDialogProps } from './file-dialog-props.ts';

/** Asks for another name. */
export function RenameDialog({ files: [file], list, onClose }: FileDialogProps) {
  const client = useClient();
  const [name, setName] = useState(file?.name ?? '');
  const texts = messages.files;
  if (!file) return null;
  return (
    <FormDialog
      title={texts.actions.rename}
      submit={texts.save}
      isReady={name.trim() !== ''}
      onClose={onClose}
      onSubmit={async () => {
        const { data, error } = await client.mutation(updateFileMutation, { input: { fileId: file.id, name } });
        if (data) list.insert(data.updateFile.file);
        return error;
      }}
    >
      <TextInput
        label={texts.name}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        onFocus={(event) => selectStem(event.currentTarget)}
        required
        data-autofocus
      />
    </FormDialog>
  );
}

/** Selects what is before the extension. */
function selectStem(input: HTMLInputElement): void {
  const dot = input.value.lastIndexOf('.');
  input.setSelectionRange(0, dot > 0 ? dot : input.value.length);
}
