import { createContext, type ReactNode, useContext, useState } from 'react';
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
const RenameContext = createContext<(displayName: string) => void>(() => {});

export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  const [renamed, setRenamed] = useState<Viewer>();
  return (
    <RenameContext.Provider value={(displayName) => setRenamed({ ...viewer, displayName })}>
      <ViewerContext.Provider value={renamed?.id === viewer.id ? renamed : viewer}>{children}</ViewerContext.Provider>
    </RenameContext.Provider>
  );
}

/** Shows another name of the viewer, which the server has stored. */
export const useRename = () => useContext(RenameContext);

export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
  if (!viewer) throw new Error('There is no ViewerProvider above this component.');
  return viewer;
}
