import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { FormDialog } from '../../app/form-dialog.tsx';
import { messages } from '../../messages/messages.ts';
import { updateFileMutation } from '../file-mutations.ts';
import type { FileDialogProps } from './file-action-dialog.tsx';

/** Asks for another name. What is before the extension is selected. */
export function RenameDialog({ files: [file], list, onClose }: FileDialogProps) {
  const client = useClient();
  const [name, setName] = useState(file?.name ?? '');
  const input = useRef<HTMLInputElement>(null);
  const texts = messages.files;
  useEffect(() => {
    const text = input.current?.value ?? '';
    const dot = text.lastIndexOf('.');
    input.current?.setSelectionRange(0, dot > 0 ? dot : text.length);
  }, []);
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
        ref={input}
        label={texts.name}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
        data-autofocus
      />
    </FormDialog>
  );
}
