import { useEffect } from 'react';
import { messages } from '../messages/messages.ts';

/** Names the view in the title of the window, in the history and for screen readers. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${messages.appName}` : messages.appName;
    return () => {
      document.title = messages.appName;
    };
  }, [title]);
}
