import type { Viewer } from '../auth/permissions.ts';
import type { FileEvent } from './event.ts';

/** The permissions of a subscriber on a topic. */
export interface SubscriberAccess {
  /**
   * The viewer as the database knows it now; an administrator, for example, may no longer be one.
   */
  viewer: Viewer;
  isEditor: boolean;
}

/** The viewer of a subscription, and which events of the topic it receives. */
export interface Subscriber {
  viewer: Viewer;
  /**
   * Loads the current permissions. Rejects with the error that ends the subscription when the
   * viewer may not subscribe to the topic, or not any more.
   */
  loadAccess(): Promise<SubscriberAccess>;
  /** Whether the subscription selects an event. The answer does not depend on the viewer. */
  wants(event: FileEvent): boolean;
  /** Whether a viewer with this access may see an event. */
  canReceive(event: FileEvent, access: SubscriberAccess): boolean;
}
