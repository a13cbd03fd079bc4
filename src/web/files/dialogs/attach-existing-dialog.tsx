import { Checkbox } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMemo, useState } from 'react';
import { useClient } from 'urql';
import { type ReadPage, usePages } from '../../api/use-pages.ts';
import { FormDialog } from '../../app/form-dialog.tsx';
import { MoreButton } from '../../app/more-button.tsx';
import { CHOICE_STYLES, ChoiceList, SearchedChoices } from '../../app/searched-choices.tsx';
import type { FilesToAttachQuery } from '../../generated/graphql.ts';
import { graphql } from '../../generated/index.ts';
import { format, messages } from '../../messages/messages.ts';
import { attachFiles } from '../file-mutations.ts';
import { formatSize } from '../format-size.ts';
import { NEWEST_FIRST } from '../use-file-list.ts';
import type { ChangedFiles } from './file-dialog-props.ts';

const filesToAttachQuery = graphql(`
  query FilesToAttach($on: ID!, $first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {
    files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      nodes {
        id
        name
        size
        createdBy {
          displayName
        }
        isAttached: isAttachedTo(on: $on)
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

type Page = FilesToAttachQuery['files'];
type AttachableFile = Page['nodes'][number];

const readFiles =
  (on: string, nameContains: string): ReadPage<Page> =>
  async (client, request) => {
    const filter = nameContains ? { nameContains } : null;
    const variables = { on, ...request, filter, orderBy: NEWEST_FIRST };
    const { data, error } = await client.query(filesToAttachQuery, variables, { requestPolicy: 'network-only' });
    return { page: data?.files, error };
  };

interface AttachExistingDialogProps {
  placeId: string;
  list: ChangedFiles;
  onClose(): void;
}

/**
 * Searches in all files that the viewer may see, and attaches the chosen ones to a place. Those
 * that are attached there already cannot be chosen.
 */
export function AttachExistingDialog({ placeId, list, onClose }: AttachExistingDialogProps) {
  const client = useClient();
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const pages = usePages<AttachableFile, Page>(useMemo(() => readFiles(placeId, search), [placeId, search]));
  const texts = messages.files;
  return (
    <FormDialog
      title={texts.attachExisting}
      submit={format(texts.attachCount, { count: chosen.length })}
      isReady={chosen.length > 0}
      onClose={onClose}
      onSubmit={async () => {
        const { files, error } = await attachFiles(client, placeId, chosen);
        for (const file of files ?? []) list.insert(file);
        if (files) notifications.show({ message: format(texts.attached, { count: files.length }) });
        return error;
      }}
    >
      <SearchedChoices
        label={texts.search}
        onSearch={setSearch}
        list={pages}
        isEmpty={pages.nodes.length === 0}
        none={texts.nothingFound}
      >
        <Checkbox.Group label={texts.filesToAttach} value={chosen} onChange={setChosen}>
          <ChoiceList more={<MoreButton list={pages} />}>
            {pages.nodes.map((file) => (
              <Checkbox
                key={file.id}
                value={file.id}
                label={<bdi>{file.name}</bdi>}
                description={describe(file)}
                disabled={file.isAttached}
                styles={CHOICE_STYLES}
              />
            ))}
          </ChoiceList>
        </Checkbox.Group>
      </SearchedChoices>
    </FormDialog>
  );
}

const describe = ({ size, createdBy, isAttached }: AttachableFile): string =>
  [formatSize(size), createdBy.displayName, ...(isAttached ? [messages.files.isAttached] : [])].join(' · ');
