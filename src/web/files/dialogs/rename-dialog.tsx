import { TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useClient } from 'urql';
import { FormDialog } from '../../app/form-dialog.tsx';
import { format, messages } from '../../messages/messages.ts';
import { updateFileMutation } from '../file-mutations.ts';
import type { FileDialogProps } from './file-dialog-props.ts';

/** A dialog that renames a file. */
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
        if (data) {
          const { file: renamed } = data.updateFile;
          list.insert(renamed);
          // The server stores a name that is safe on every system: of a path, its last part.
          const isOther = renamed.name !== name.trim().normalize();
          if (isOther)
            notifications.show({ message: format(texts.storedAs, { name: renamed.name }), autoClose: false });
        }
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
