import { Button, Group } from '@mantine/core';
import { messages } from '../messages/messages.ts';

interface MoreButtonProps {
  list: { hasMore: boolean; isLoadingMore: boolean; showMore(): void };
}

/** Loads the next page of a list, where there is one. */
export function MoreButton({ list }: MoreButtonProps) {
  if (!list.hasMore) return null;
  return (
    <Group justify="center" mt="md">
      <Button variant="default" loading={list.isLoadingMore} onClick={list.showMore}>
        {messages.showMore}
      </Button>
    </Group>
  );
}
