import { Text } from '@mantine/core';
import { useClient } from 'urql';
import { FormDialog } from '../../app/form-dialog.tsx';
import { format, messages } from '../../messages/messages.ts';
import { removeFileMutation } from '../file-mutations.ts';

interface RemoveVersionDialogProps {
  version: { id: string; version: number };
  onRemoved(): void;
  onClose(): void;
}

/** A dialog that removes one version of a file; the others stay. */
export function RemoveVersionDialog({ version, onRemoved, onClose }: RemoveVersionDialogProps) {
  const client = useClient();
  const texts = messages.files;
  const title = format(texts.removeVersion, { version: version.version });
  return (
    <FormDialog
      title={title}
      submit={texts.removeIt}
      isDangerous
      onClose={onClose}
      onSubmit={async () => {
        const { error } = await client.mutation(removeFileMutation, { fileId: version.id, onlyThisVersion: true });
        if (!error) onRemoved();
        return error;
      }}
    >
      <Text>{texts.removeVersionConsequences}</Text>
    </FormDialog>
  );
}
