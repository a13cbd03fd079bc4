import { notifications } from '@mantine/notifications';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { currentToken, onSessionEnd, renewToken, SessionEndedError } from '../api/credentials.ts';
import { graphql } from '../generated/index.ts';
import { format, messages } from '../messages/messages.ts';
import type { Chosen } from './chosen-files.ts';
import { hasFiles } from './chosen-files.ts';
import { UploadError } from './upload-error.ts';
import { isUnfinished, type UploadTarget } from './upload-item.ts';
import { UploadPanel } from './upload-panel.tsx';
import { UploadQueue } from './upload-queue.ts';

const removeCancelled = graphql(`
  mutation RemoveCancelledUpload($fileId: ID!) {
    removeFile(input: { fileId: $fileId }) {
      removedFileId
    }
  }
`);

const QueueContext = createContext<UploadQueue | undefined>(undefined);

interface UploadsProviderProps {
  userId: string;
  children: ReactNode;
}

/** Holds the uploads of the user above all views, and shows them at the bottom of the page. */
export function UploadsProvider({ userId, children }: UploadsProviderProps) {
  const client = useClient();
  const current = useRef(client);
  current.current = client;
  const [queue] = useState(
    () =>
      keptQueueOf(userId) ??
      new UploadQueue({
        userId,
        token: tokenNow,
        removeFile: (fileId) => void current.current.mutation(removeCancelled, { fileId }).toPromise(),
      }),
  );
  useEffect(() => {
    kept = undefined;
    queue.open();
    let isEndWanted = false;
    const stopListening = onSessionEnd((reason) => {
      isEndWanted = reason === 'signed-out';
    });
    return () => {
      stopListening();
      queue.close();
      if (!isEndWanted) kept = { userId, queue };
    };
  }, [queue, userId]);
  useEffect(() => guardPage(queue), [queue]);
  return (
    <QueueContext.Provider value={queue}>
      {children}
      <UploadPanel queue={queue} />
    </QueueContext.Provider>
  );
}

/**
 * The uploads of a user whose session has ended. They continue when the same user signs in again.
 */
let kept: { userId: string; queue: UploadQueue } | undefined;

const keptQueueOf = (userId: string) => (kept?.userId === userId ? kept.queue : undefined);

/** The token of the next request: another one than the refused one, if there is one. */
async function tokenNow(refused?: string): Promise<string> {
  try {
    return await (refused === undefined ? currentToken() : renewToken(refused));
  } catch (error) {
    // While the identity provider cannot be reached, uploads wait as for the server.
    throw new UploadError(error instanceof SessionEndedError ? 'SIGNED_OUT' : 'UNREACHABLE', String(error));
  }
}

/** Warns before the page is left during uploads, and when a file is dropped beside a place. */
function guardPage(queue: UploadQueue): () => void {
  const warn = (event: BeforeUnloadEvent) => {
    if (queue.snapshot().items.some(isUnfinished)) event.preventDefault();
  };
  // Otherwise the browser would open the file instead of the page.
  const refuse = (event: DragEvent) => {
    if (event.defaultPrevented || !hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'none';
  };
  addEventListener('beforeunload', warn);
  addEventListener('dragover', refuse);
  addEventListener('drop', refuse);
  return () => {
    removeEventListener('beforeunload', warn);
    removeEventListener('dragover', refuse);
    removeEventListener('drop', refuse);
  };
}

/** The uploads of the user. */
export function useUploadQueue(): UploadQueue {
  const queue = useContext(QueueContext);
  if (!queue) throw new Error('There is no UploadsProvider above this component.');
  return queue;
}

/** Uploads what the user chose, and reports what was left out. */
export function useUpload(): (chosen: Chosen, target: UploadTarget) => void {
  const queue = useUploadQueue();
  return useCallback(
    ({ files, isIncomplete }, target) => {
      const texts = messages.uploads.chosen;
      const report = (message: string) => notifications.show({ message, color: 'yellow', autoClose: 10_000 });
      const skipped = queue.add(files, target);
      if (files.length === 0 && !isIncomplete) report(texts.none);
      if (skipped > 0) report(format(texts.skipped, { count: skipped }));
      if (isIncomplete) report(format(texts.incomplete, { count: files.length }));
    },
    [queue],
  );
}
