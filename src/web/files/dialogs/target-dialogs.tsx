import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useClient } from 'urql';
import { FormDialog } from '../../app/form-dialog.tsx';
import { format, messages } from '../../messages/messages.ts';
import { PlacePicker } from '../../places/place-picker.tsx';
import { attachFiles, moveFilesMutation } from '../file-mutations.ts';
import type { FileDialogProps } from './file-dialog-props.ts';

type TargetDialogProps = FileDialogProps & { placeId: string };

/** A dialog that moves files of a list to another place. */
export function MoveDialog({ files, list, placeId, onClose }: TargetDialogProps) {
  const client = useClient();
  const [target, setTarget] = useState<string>();
  const texts = messages.files;
  return (
    <FormDialog
      title={texts.actions.move}
      submit={texts.moveIt}
      isReady={target !== undefined}
      onClose={onClose}
      onSubmit={async () => {
        const fileIds = files.map(({ id }) => id);
        const { data, error } = await client.mutation(moveFilesMutation, { from: placeId, to: target ?? '', fileIds });
        if (data) {
          list.drop(fileIds);
          notifications.show({ message: format(texts.moved, { count: files.length }) });
        }
        return error;
      }}
    >
      <PlacePicker label={texts.moveTo} exclude={placeId} value={target} onChange={setTarget} />
    </FormDialog>
  );
}

/** A dialog that attaches files to another place as well. */
export function AttachDialog({ files, placeId, onClose }: TargetDialogProps) {
  const client = useClient();
  const [target, setTarget] = useState<string>();
  const texts = messages.files;
  return (
    <FormDialog
      title={texts.actions.attach}
      submit={texts.attachIt}
      isReady={target !== undefined}
      onClose={onClose}
      onSubmit={async () => {
        const fileIds = files.map(({ id }) => id);
        const { error } = await attachFiles(client, target ?? '', fileIds);
        if (!error) notifications.show({ message: format(texts.attached, { count: files.length }) });
        return error;
      }}
    >
      <PlacePicker label={texts.attachTo} exclude={placeId} value={target} onChange={setTarget} />
    </FormDialog>
  );
}
