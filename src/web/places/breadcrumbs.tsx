import { Anchor, Breadcrumbs, Text } from '@mantine/core';
import { Link } from 'wouter';
import { messages } from '../messages/messages.ts';
import type { Place } from './place-query.ts';

interface Crumb {
  href: string;
  title: string;
}

/** The lists and places above a place, from the outermost. */
function crumbsOf(place: Place): Crumb[] {
  const { navigation } = messages;
  const projects = { href: '/projects', title: navigation.projects };
  const toCrumb = ({ id, title }: { id: string; title: string }) => ({ href: `/${id}`, title });
  switch (place.__typename) {
    case 'Project':
      return [projects];
    case 'Task':
      return [projects, toCrumb(place.project)];
    case 'Comment':
      return [projects, toCrumb(place.task.project), toCrumb(place.task)];
    case 'Contact':
      return [{ href: '/contacts', title: navigation.contacts }];
    case 'Opportunity':
      return [{ href: '/opportunities', title: navigation.opportunities }];
    case 'Case':
      return [{ href: '/cases', title: navigation.cases }];
  }
}

export function PlaceBreadcrumbs({ place }: { place: Place }) {
  return (
    <nav aria-label={messages.places.path}>
      <Breadcrumbs separatorMargin={6} style={{ flexWrap: 'wrap' }}>
        {crumbsOf(place).map(({ href, title }) => (
          <Anchor key={href} component={Link} href={href} size="sm" lh="sm" maw={240} truncate>
            <bdi>{title}</bdi>
          </Anchor>
        ))}
        <Text component="span" size="sm" c="dimmed" lh="sm" aria-current="page" maw={240} truncate>
          <bdi>{titleOf(place)}</bdi>
        </Text>
      </Breadcrumbs>
    </nav>
  );
}

/** The title of a place; a comment has the beginning of its text. */
export function titleOf(place: Place): string {
  return place.__typename === 'Comment' ? messages.places.comment : place.title;
}
