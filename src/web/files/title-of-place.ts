import type { PlaceTitleFragment } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';
import { format, messages } from '../messages/messages.ts';

/** What names a place in a list of places. */
export const placeTitleFragment = graphql(`
  fragment PlaceTitle on Attachable {
    __typename
    id
    ... on Project {
      title
    }
    ... on Task {
      title
    }
    ... on Comment {
      task {
        title
      }
    }
    ... on Entity {
      title
    }
  }
`);

/** The type and title of a place, as in `Task: Design the start page`. */
export function titleOfPlace(place: PlaceTitleFragment): string {
  const title = place.__typename === 'Comment' ? place.task.title : place.title;
  return format(messages.places.titled[place.__typename], { title });
}
