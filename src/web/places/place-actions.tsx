import { Button, Group } from '@mantine/core';
import { Suspense, useState } from 'react';
import { useLocation } from 'wouter';
import { lazy } from '../app/lazy.tsx';
import { messages } from '../messages/messages.ts';
import { CloseTaskButton } from './close-task.tsx';
import type { Place } from './place-query.ts';

const RenamePlaceDialog = lazy(
  () => import('./place-dialogs.tsx'),
  (module) => module.RenamePlaceDialog,
);
const DeletePlaceDialog = lazy(
  () => import('./place-dialogs.tsx'),
  (module) => module.DeletePlaceDialog,
);

/** Where the view goes when the place is deleted: what is around it. */
function parentOf(place: Place): string {
  switch (place.__typename) {
    case 'Project':
      return '/projects';
    case 'Task':
      return `/${place.project.id}`;
    case 'Comment':
      return `/${place.task.id}`;
    case 'Contact':
      return '/contacts';
    case 'Opportunity':
      return '/opportunities';
    case 'Case':
      return '/cases';
  }
}

/** The buttons that complete, rename and delete a place, as far as the viewer may. */
export function PlaceActions({ place, onChange }: { place: Place; onChange(): void }) {
  const [, navigate] = useLocation();
  const [open, setOpen] = useState<'rename' | 'delete'>();
  const texts = messages.places;
  const isComment = place.__typename === 'Comment';
  // Users who may edit a task may delete it.
  const canDelete = place.__typename === 'Task' ? place.canEdit : place.canDelete;
  if (!place.canEdit && !canDelete) return null;
  const dialog = {
    kind: place.__typename,
    id: place.id,
    text: isComment ? place.body : place.title,
    onClose: () => setOpen(undefined),
  };
  return (
    <Group gap="xs">
      {place.__typename === 'Task' && place.canEdit && <CloseTaskButton task={place} onChange={onChange} />}
      {place.canEdit && (
        <Button variant="default" size="compact-sm" onClick={() => setOpen('rename')}>
          {isComment ? texts.editComment : texts.rename}
        </Button>
      )}
      {canDelete && (
        <Button variant="default" size="compact-sm" onClick={() => setOpen('delete')}>
          {texts.delete}
        </Button>
      )}
      <Suspense>
        {open === 'rename' && <RenamePlaceDialog {...dialog} onDone={onChange} />}
        {open === 'delete' && <DeletePlaceDialog {...dialog} onDone={() => navigate(parentOf(place))} />}
      </Suspense>
    </Group>
  );
}
