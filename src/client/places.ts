import type { Connection } from './connection.ts';
import { documents } from './documents.ts';
import { request } from './graphql.ts';

/** Something that files can be attached to. */
export interface Place {
  id: string;
  title: string;
}

/** Lists the projects that the user may see, then the tasks, then the CRM entities. */
export async function* listPlaces(connection: Connection, signal: AbortSignal): AsyncGenerator<Place, void, undefined> {
  for (const field of ['projects', 'tasks', 'entities'] as const) {
    for (let after: string | null = null; ; ) {
      const { page }: PlaceData = await request<PlaceData>(connection, documents[field], { after }, signal);
      yield* page.nodes;
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
  }
}

interface PlaceData {
  page: { nodes: Place[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
}
