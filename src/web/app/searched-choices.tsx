import { ScrollArea, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CombinedError } from 'urql';
import { ErrorNotice } from './error-notice.tsx';
import { Loading } from './loading.tsx';
import { SearchInput } from './search-input.tsx';

interface SearchedChoicesProps {
  /** The label of the search field. */
  label: string;
  onSearch(text: string): void;
  list: { error: CombinedError | undefined; isLoading: boolean; refetch(): void };
  isEmpty: boolean;
  /** What it says when nothing was found. */
  none: string;
  /** A group of radio buttons or checkboxes around a `ChoiceList`. */
  children: ReactNode;
}

/** A search, and a choice among what it finds: loading, failed, empty, or the choices. */
export function SearchedChoices({ label, onSearch, list, isEmpty, none, children }: SearchedChoicesProps) {
  return (
    <Stack gap="xs">
      <SearchInput label={label} onSearch={onSearch} />
      {list.error && <ErrorNotice error={list.error} onRetry={list.refetch} />}
      {list.isLoading && <Loading size="sm" />}
      {children}
      {!list.isLoading && isEmpty && !list.error && <Text c="dimmed">{none}</Text>}
    </Stack>
  );
}

/** Choices that scroll by themselves, so that the buttons of their dialog stay in view. */
export function ChoiceList({ children, more }: { children: ReactNode; more?: ReactNode }) {
  return (
    <ScrollArea.Autosize mah={300} mt="xs" type="auto">
      <Stack gap="xs" pb="xs" pe="md">
        {children}
      </Stack>
      {more}
    </ScrollArea.Autosize>
  );
}

/** Styles of one choice: names without spaces would otherwise be wider than the dialog. */
export const CHOICE_STYLES = { label: { overflowWrap: 'anywhere' } } as const;
