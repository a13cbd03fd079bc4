import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { messages } from '../messages/messages.ts';
import type { Place } from '../places/place-query.ts';

/** Links to the members of a project, and to what shares a place with guests. */
export function PlaceManagement({ place }: { place: Place }) {
  return (
    <>
      {place.__typename === 'Project' && (
        <Button component={Link} href={`/${place.id}/members`} variant="default" size="compact-sm">
          {messages.members.title}
        </Button>
      )}
      {place.viewerCanAttach && (
        <Button component={Link} href={`/${place.id}/sharing`} variant="default" size="compact-sm">
          {messages.sharing.title}
        </Button>
      )}
    </>
  );
}
