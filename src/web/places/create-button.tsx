import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Suspense, useState } from 'react';
import { lazy } from '../app/lazy.tsx';
import { messages } from '../messages/messages.ts';
import { useViewer } from '../sign-in/viewer.tsx';
import type { CreatedKind } from './create-place.ts';

const CreateDialog = lazy(
  () => import('./place-dialogs.tsx'),
  (module) => module.CreateDialog,
);

interface CreateButtonProps {
  kind: CreatedKind;
  /** The project of a new task. */
  parentId?: string;
}

/**
 * A button with a dialog that creates a place and opens it; nothing for users who may change
 * nothing.
 */
export function CreateButton({ kind, parentId }: CreateButtonProps) {
  const { canWrite } = useViewer();
  const [isOpen, setIsOpen] = useState(false);
  if (!canWrite) return null;
  return (
    <>
      <Button
        variant="default"
        size="compact-md"
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => setIsOpen(true)}
      >
        {messages.places.create[kind]}
      </Button>
      {isOpen && (
        <Suspense>
          <CreateDialog kind={kind} parentId={parentId} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
