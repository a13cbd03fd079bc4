import { IconVersions } from '@tabler/icons-react';
import { format, messages } from '../messages/messages.ts';
import { filesOfInput } from './chosen-files.ts';
import { ChooseButton } from './upload-area.tsx';
import { useUpload } from './uploads-provider.tsx';

/** Chooses a file that becomes the next version of another one, wherever that is attached. */
export function NewVersionButton({ fileId, name }: { fileId: string; name: string }) {
  const upload = useUpload();
  const texts = messages.uploads;
  return (
    <ChooseButton
      label={texts.newVersion}
      icon={<IconVersions size={16} />}
      isSingle
      onChoose={(files) =>
        upload(filesOfInput(files), { parentId: fileId, label: format(texts.newVersionOf, { name }) })
      }
    />
  );
}
