import { List, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useClient, useQuery } from 'urql';
import { FormDialog } from '../../app/form-dialog.tsx';
import { Loading } from '../../app/loading.tsx';
import { graphql } from '../../generated/index.ts';
import { format, messages } from '../../messages/messages.ts';
import { detachFilesMutation, forEachFile, removeFileMutation } from '../file-mutations.ts';
import { titleOfPlace } from '../title-of-place.ts';
import type { FileDialogProps } from './file-dialog-props.ts';

const removalQuery = graphql(`
  query Removal($id: ID!) {
    file(id: $id) {
      id
      versions {
        id
      }
      attachedTo {
        id
        ...PlaceTitle
      }
    }
  }
`);

/** A dialog that removes files everywhere, and says what else is removed with them. */
export function RemoveDialog({ files, list, onClose }: FileDialogProps) {
  const client = useClient();
  const texts = messages.files;
  const [single] = files.length === 1 ? files : [];
  return (
    <FormDialog
      title={texts.actions.remove}
      submit={texts.removeIt}
      isDangerous
      onClose={onClose}
      onSubmit={async () => {
        const error = await forEachFile(files, async ({ id }) => {
          const { data, error } = await client.mutation(removeFileMutation, { fileId: id });
          if (data) list.drop(data.removeFile.removedFileIds);
          return error;
        });
        if (!error) notifications.show({ message: format(texts.removed, { count: files.length }) });
        return error;
      }}
    >
      <Text style={{ overflowWrap: 'anywhere' }}>
        {single
          ? format(texts.removeQuestion, { name: single.name })
          : format(texts.removeManyQuestion, { count: files.length })}
      </Text>
      <Text size="sm">{texts.removeConsequences}</Text>
      {single && <Consequences fileId={single.id} />}
    </FormDialog>
  );
}

function Consequences({ fileId }: { fileId: string }) {
  const [{ data }] = useQuery({
    query: removalQuery,
    variables: { id: fileId },
    requestPolicy: 'network-only',
  });
  const texts = messages.files;
  if (!data?.file) return <Loading size="sm" />;
  const { versions, attachedTo } = data.file;
  return (
    <>
      <Text size="sm">{format(texts.versionsRemoved, { count: versions.length })}</Text>
      {attachedTo.length > 0 && (
        <>
          <Text size="sm">{texts.removedFrom}</Text>
          <List size="sm">
            {attachedTo.map((place) => (
              <List.Item key={place.id} style={{ overflowWrap: 'anywhere' }}>
                {titleOfPlace(place)}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </>
  );
}

/** A dialog that detaches files from a place; they stay stored. */
export function DetachDialog({ files, list, placeId, onClose }: FileDialogProps & { placeId: string }) {
  const client = useClient();
  const texts = messages.files;
  return (
    <FormDialog
      title={texts.actions.detach}
      submit={texts.detachIt}
      onClose={onClose}
      onSubmit={async () => {
        const fileIds = files.map(({ id }) => id);
        const { data, error } = await client.mutation(detachFilesMutation, { from: placeId, fileIds });
        if (data) {
          list.drop(data.detachFiles.detachedFileIds);
          notifications.show({ message: format(texts.detached, { count: files.length }) });
        }
        return error;
      }}
    >
      <Text style={{ overflowWrap: 'anywhere' }}>
        {files.length === 1
          ? format(texts.detachQuestion, { name: files[0]?.name ?? '' })
          : format(texts.detachManyQuestion, { count: files.length })}
      </Text>
      <Text size="sm" c="dimmed">
        {texts.detachConsequences}
      </Text>
    </FormDialog>
  );
}
