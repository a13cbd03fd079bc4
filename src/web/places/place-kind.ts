import type { CombinedError } from 'urql';

/** The types of places, as the schema names them. */
export type PlaceKind = 'Project' | 'Task' | 'Comment' | 'Contact' | 'Opportunity' | 'Case';

/** The result of creating, changing or deleting a place. */
export interface Outcome {
  id?: string | undefined;
  error?: CombinedError | undefined;
}
