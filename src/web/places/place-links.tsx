import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Pages } from '../api/use-pages.ts';
import { ErrorNotice } from '../app/error-notice.tsx';
import { Loading } from '../app/loading.tsx';
import { MoreButton } from '../app/more-button.tsx';
import classes from './place-links.module.css';

interface PlaceLinksProps<Node> {
  pages: Pages<Node, never> | Pages<Node>;
  /** Shown when there is none. */
  none: string;
  /** What is shown beside the title. */
  details?(node: Node): ReactNode;
}

/** A list of links to places, one a row. */
export function PlaceLinks<Node extends { id: string; title: string }>({
  pages,
  none,
  details,
}: PlaceLinksProps<Node>) {
  if (pages.isLoading) return <Loading />;
  return (
    <>
      {pages.error && <ErrorNotice error={pages.error} onRetry={pages.refetch} />}
      {pages.nodes.length === 0 && !pages.error && <Text c="dimmed">{none}</Text>}
      <ul className={classes.list}>
        {pages.nodes.map((node) => (
          <li key={node.id} className={classes.item}>
            <Link href={`/${node.id}`} data-row className={classes.link}>
              <bdi>{node.title}</bdi>
            </Link>
            {details && <span className={classes.details}>{details(node)}</span>}
          </li>
        ))}
      </ul>
      <MoreButton list={pages} />
    </>
  );
}
