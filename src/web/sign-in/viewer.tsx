import { createContext, type ReactNode, useContext } from 'react';
import type { KeyScope, ViewerQuery } from '../generated/graphql.ts';

/** Who has signed in, and what the API key or token permits. */
export interface Viewer {
  id: string;
  displayName: string;
  isAdmin: boolean;
  scope: KeyScope;
  /** Whether anything can be changed; what exactly, is a field of each object, as in `canEdit`. */
  canWrite: boolean;
  /** Whether users, keys of others and quotas can be changed. */
  canAdminister: boolean;
}

/** The viewer in an answer of the server. */
export const viewerIn = ({ viewer, viewerScope }: ViewerQuery): Viewer => ({
  id: viewer.id,
  displayName: viewer.displayName,
  isAdmin: viewer.isAdmin,
  scope: viewerScope,
  canWrite: viewerScope !== 'READ',
  canAdminister: viewer.isAdmin && viewerScope === 'ADMIN',
});

const ViewerContext = createContext<Viewer | undefined>(undefined);

export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <ViewerContext.Provider value={viewer}>{children}</ViewerContext.Provider>;
}

export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
  if (!viewer) throw new Error('There is no ViewerProvider above this component.');
  return viewer;
}
