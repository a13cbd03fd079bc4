import { Group, Text } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import type { Connection, Pages } from '../api/use-pages.ts';
import { ErrorNotice } from './error-notice.tsx';
import { Loading } from './loading.tsx';
import { MoreButton } from './more-button.tsx';
import classes from './record-list.module.css';

interface RecordListProps<Node, Page> {
  label: string;
  pages: Pages<Node, Page>;
  /** What it says when there is nothing. */
  none: string;
  children(node: Node): ReactNode;
}

/** A list of records, page by page: loading, failed, empty, or a `ListedRecord` for each. */
export function RecordList<Node extends { id: string }, Page extends Connection<Node>>(
  props: RecordListProps<Node, Page>,
) {
  const { label, pages, none, children } = props;
  return (
    <>
      {pages.error && <ErrorNotice error={pages.error} onRetry={pages.refetch} />}
      {pages.isLoading && <Loading />}
      {!pages.isLoading && pages.nodes.length === 0 && !pages.error && <Text c="dimmed">{none}</Text>}
      {pages.nodes.length > 0 && (
        <ul className={classes.list} aria-label={label}>
          {pages.nodes.map((node) => (
            <Fragment key={node.id}>{children(node)}</Fragment>
          ))}
        </ul>
      )}
      <MoreButton list={pages} />
    </>
  );
}

interface ListedRecordProps {
  title: ReactNode;
  badges?: ReactNode;
  /** Facts about it; what is empty is left out. */
  details: { key: string; value: ReactNode }[];
  /** Shown below the facts. */
  footer?: ReactNode;
  actions?: ReactNode;
}

/** A record: what it is, facts about it, and what can be done. */
export function ListedRecord({ title, badges, details, footer, actions }: ListedRecordProps) {
  const shown = details.filter(({ value }) => value !== null && value !== undefined && value !== false && value !== '');
  return (
    <li className={classes.record}>
      <div className={classes.text}>
        <Group gap={8} align="center">
          <Text component="span" fw={500}>
            <bdi>{title}</bdi>
          </Text>
          {badges}
        </Group>
        <Text size="sm" c="dimmed" component="div" className={classes.details ?? ''}>
          {shown.map(({ key, value }) => (
            <span key={key}>
              <bdi>{value}</bdi>
            </span>
          ))}
        </Text>
        {footer}
      </div>
      {actions && <Group gap="xs">{actions}</Group>}
    </li>
  );
}
