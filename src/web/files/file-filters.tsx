import { Group, NativeSelect } from '@mantine/core';
import { useMemo } from 'react';
import { useHashChoice, useHashText } from '../app/hash-location.ts';
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
const orderNames = ['newest', 'oldest', 'name', 'largest', 'smallest'] as const satisfies readonly OrderName[];

const shows = ['all', 'PENDING', 'APPROVED', 'REQUIRED', 'images'] as const satisfies readonly (
  | 'all'
  | 'images'
  | FileStatus
)[];
type Show = (typeof shows)[number];

/**
 * What a list of files is filtered by, in which order it is, and the fields that say so. They are
 * kept in the query of the address, which survives a reload and can be shared.
 */
export function useFileFilters() {
  const [search, setSearch] = useHashText('name');
  const [show, setShow] = useHashChoice('show', shows);
  const [order, setOrder] = useHashChoice('order', orderNames);
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
  return (
    <Group gap="xs" mb="xs">
      <SearchInput label={texts.search} value={filters.search} onSearch={filters.setSearch} />
      <NativeSelect
        aria-label={texts.show}
        value={filters.show}
        onChange={(event) => filters.setShow(event.currentTarget.value as Show)}
        data={shows.map((value) => ({ value, label: texts.shown[value] }))}
      />
      <NativeSelect
        aria-label={texts.order}
        value={filters.order}
        onChange={(event) => filters.setOrder(event.currentTarget.value as OrderName)}
        data={orderNames.map((value) => ({ value, label: texts.orders[value] }))}
      />
    </Group>
  );
}
