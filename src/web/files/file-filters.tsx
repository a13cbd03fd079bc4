import { Group, NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import { SearchInput } from '../app/search-input.tsx';
import type { FileFilter, FileOrder, FileStatus } from '../generated/graphql.ts';
import { messages } from '../messages/messages.ts';
import { NEWEST_FIRST } from './use-file-list.ts';

const orders = {
  newest: NEWEST_FIRST,
  oldest: { field: 'CREATED_AT', direction: 'ASC' },
  name: { field: 'NAME', direction: 'ASC' },
  largest: { field: 'SIZE', direction: 'DESC' },
  smallest: { field: 'SIZE', direction: 'ASC' },
} satisfies Record<string, FileOrder>;
type OrderName = keyof typeof orders;

type Show = 'all' | 'images' | FileStatus;

/** What a list of files is filtered by, in which order it is, and the fields that say so. */
export function useFileFilters() {
  const [search, setSearch] = useState('');
  const [show, setShow] = useState<Show>('all');
  const [order, setOrder] = useState<OrderName>('newest');
  const filter = useMemo(() => filterOf(search, show), [search, show]);
  return { filter, orderBy: orders[order], search, setSearch, show, setShow, order, setOrder };
}

/** No filter at all when nothing is given: the server then reads a page and scans nothing. */
function filterOf(search: string, show: Show): FileFilter | undefined {
  const filter: FileFilter = {
    ...(search && { nameContains: search }),
    ...(show === 'images' && { isImage: true }),
    ...(show !== 'all' && show !== 'images' && { status: show }),
  };
  return Object.keys(filter).length > 0 ? filter : undefined;
}

/** The fields for the name, the review status or type, and the order. */
export function FileFilters({ filters }: { filters: ReturnType<typeof useFileFilters> }) {
  const texts = messages.files;
  const shown = ['all', 'PENDING', 'APPROVED', 'REQUIRED', 'images'] as const;
  return (
    <Group gap="xs" mb="xs">
      <SearchInput label={texts.search} onSearch={filters.setSearch} />
      <NativeSelect
        aria-label={texts.show}
        value={filters.show}
        onChange={(event) => filters.setShow(event.currentTarget.value as Show)}
        data={shown.map((value) => ({ value, label: texts.shown[value] }))}
      />
      <NativeSelect
        aria-label={texts.order}
        value={filters.order}
        onChange={(event) => filters.setOrder(event.currentTarget.value as OrderName)}
        data={(Object.keys(orders) as OrderName[]).map((value) => ({ value, label: texts.orders[value] }))}
      />
    </Group>
  );
}
