import { Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { useLocation } from 'wouter';
import { FormDialog } from '../app/form-dialog.tsx';
import { format, messages } from '../messages/messages.ts';
import { type CreatedKind, createPlace } from './create-place.ts';
import { deletePlace } from './delete-place.ts';
import type { PlaceKind } from './place-kind.ts';
import { renamePlace } from './rename-place.ts';

interface CreateDialogProps {
  kind: CreatedKind;
  parentId?: string | undefined;
  onClose(): void;
}

/** A dialog that creates a place, and opens it. */
export function CreateDialog({ kind, parentId, onClose }: CreateDialogProps) {
  const client = useClient();
  const [, navigate] = useLocation();
  const [title, setTitle] = useState('');
  const texts = messages.places;
  return (
    <FormDialog
      title={texts.create[kind]}
      submit={texts.createIt}
      isReady={title.trim() !== ''}
      onClose={onClose}
      onSubmit={async () => {
        const { id, error } = await createPlace(client, kind, title.trim(), parentId);
        if (id) navigate(`/${id}`);
        return error;
      }}
    >
      <TextInput
        label={kind === 'Contact' ? texts.nameOfContact : texts.title}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        maxLength={500}
        required
        data-autofocus
      />
    </FormDialog>
  );
}

interface PlaceDialogProps {
  kind: PlaceKind;
  id: string;
  /** The present title, or the text of a comment. */
  text: string;
  onDone(): void;
  onClose(): void;
}

/** A dialog that changes the title of a place, or the text of a comment. */
export function RenamePlaceDialog({ kind, id, text, onDone, onClose }: PlaceDialogProps) {
  const client = useClient();
  const [title, setTitle] = useState(text);
  const texts = messages.places;
  const Input = kind === 'Comment' ? Textarea : TextInput;
  return (
    <FormDialog
      title={kind === 'Comment' ? texts.editComment : texts.rename}
      submit={texts.save}
      isReady={title.trim() !== ''}
      onClose={onClose}
      onSubmit={async () => {
        const { error } = await renamePlace(client, kind, id, title.trim());
        if (!error) onDone();
        return error;
      }}
    >
      <Input
        label={kind === 'Comment' ? texts.commentText : texts.title}
        value={title}
        onChange={(event: React.ChangeEvent<HTMLInputElement & HTMLTextAreaElement>) =>
          setTitle(event.currentTarget.value)
        }
        required
        data-autofocus
      />
    </FormDialog>
  );
}

/** A dialog that deletes a place, and says what happens to its files. */
export function DeletePlaceDialog({ kind, id, text, onDone, onClose }: PlaceDialogProps) {
  const client = useClient();
  const texts = messages.places;
  return (
    <FormDialog
      title={texts.deleteTitles[kind]}
      submit={texts.delete}
      isDangerous
      onClose={onClose}
      onSubmit={async () => {
        const { error } = await deletePlace(client, kind, id);
        if (!error) onDone();
        return error;
      }}
    >
      <Text style={{ overflowWrap: 'anywhere' }}>{format(texts.deleteQuestion, { title: text.slice(0, 200) })}</Text>
      <Text size="sm" c="dimmed">
        {texts.deleteConsequences[kind]}
      </Text>
    </FormDialog>
  );
}
