import type { Viewer } from './viewer.ts';

/**
 * Receiving an event of a file, for a viewer who sees the place of the event. Events of files that
 * are not available go to insiders alone; others receive one when the file becomes visible to them,
 * or disappears.
 */
export function canReceiveEvent(
  viewer: Viewer,
  isEditor: boolean,
  event: {
    audience: 'EVERYBODY' | 'INSIDERS' | 'OTHERS' | 'FORMER_UPLOADER';
    uploaderId: number;
    isPrimary: boolean;
  },
): boolean {
  const editsIt = viewer.isAdmin || (isEditor && event.isPrimary);
  const isUploader = viewer.userId === event.uploaderId;
  switch (event.audience) {
    case 'EVERYBODY':
      return true;
    case 'INSIDERS':
      return editsIt || isUploader;
    case 'OTHERS':
      return !editsIt && !isUploader;
    case 'FORMER_UPLOADER':
      return !editsIt && isUploader;
  }
}
