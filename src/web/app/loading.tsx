import { Loader, type LoaderProps } from '@mantine/core';
import { messages } from '../messages/messages.ts';

/** Takes the place of what is being loaded, and says so to screen readers. */
export const Loading = (props: Pick<LoaderProps, 'size' | 'm'>) => (
  <Loader role="status" aria-label={messages.loading} {...props} />
);
