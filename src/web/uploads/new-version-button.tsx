import { IconVersions } from '@tabler/icons-react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { format, messages } from '../messages/messages.ts';
import { filesOfInput } from './chosen-files.ts';
import { ChooseButton } from './upload-area.tsx';
import { useUpload, useUploadQueue } from './uploads-provider.tsx';

interface NewVersionButtonProps {
  /** Any version of the file. */
  fileId: string;
  name: string;
  /** Called when a version that was chosen here is stored. */
  onStored?(): void;
}

/** Chooses a file that becomes the next version of another one, wherever that is attached. */
export function NewVersionButton({ fileId, name, onStored }: NewVersionButtonProps) {
  const upload = useUpload();
  const texts = messages.uploads;
  useStored(fileId, onStored);
  return (
    <div>
      <ChooseButton
        label={texts.newVersion}
        icon={<IconVersions size={16} />}
        isSingle
        onChoose={(files) =>
          upload(filesOfInput(files), { parentId: fileId, label: format(texts.newVersionOf, { name }) })
        }
      />
    </div>
  );
}

/** A file that is attached to nothing has no events: the queue knows when it has a new version. */
function useStored(fileId: string, onStored: (() => void) | undefined): void {
  const queue = useUploadQueue();
  const { items } = useSyncExternalStore(queue.subscribe, queue.snapshot);
  const stored = items.filter(({ target, state }) => target.parentId === fileId && state === 'done').length;
  const before = useRef(stored);
  useEffect(() => {
    if (stored > before.current) onStored?.();
    before.current = stored;
  }, [stored, onStored]);
}
