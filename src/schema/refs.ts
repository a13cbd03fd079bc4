import { findKeys } from '../auth/api-keys.ts';
import { findUsers } from '../auth/users.ts';
import type {
  ApiKey,
  AttachableType,
  Case,
  Category,
  Comment,
  Contact,
  File,
  HistoryEvent,
  Opportunity,
  Project,
  Task,
  User,
} from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { NotFoundError } from '../errors.ts';
import { findVisibleFiles } from '../files/load-files.ts';
import { type Attachable, type Entity, loadAttachables } from '../workspace/attachable.ts';
import { findCategories } from '../workspace/categories.ts';
import { findHistory } from '../workspace/history.ts';
import { primeAccess } from './access-loader.ts';
import { MAX_BATCH } from './batch-loader.ts';
import { builder } from './builder.ts';
import type { GraphQLContext } from './context.ts';
import { encodeId } from './ids.ts';
import { reserveTexts } from './reserve-texts.ts';

/** The GraphQL types that other files of the schema refer to, and how each is loaded by its id. */

export const AttachableInterface = builder.interfaceRef<Attachable>('Attachable');
export const EntityInterface = builder.interfaceRef<Entity>('Entity');

/**
 * Creates a type whose objects are loaded in batches by `databaseId`. An id that is not found
 * yields an error.
 */
function node<Shape extends { id: number }>(
  name: string,
  load: (ids: number[], context: GraphQLContext) => Promise<Map<number, Shape>>,
) {
  return builder.loadableNodeRef(name, {
    id: { resolve: (row: Shape) => row.id, parse: Number },
    loaderOptions: { maxBatchSize: MAX_BATCH },
    load: async (ids: number[], context: GraphQLContext): Promise<(Shape | Error)[]> => {
      const rows = await context.budget.lookUp(() => load(ids, context));
      await reserveTexts(context, rows.values());
      return ids.map((id) => rows.get(id) ?? new NotFoundError([encodeId(name, id)]));
    },
  });
}

function attachableNode<Shape extends Attachable>(type: AttachableType) {
  return node<Shape>(type, async (ids, context) => {
    const reached = await loadAttachables(
      context,
      ids.map((id) => ({ type, id })),
    );
    return new Map([...reached.values()].map((each) => [each.ref.id, primeAccess(each) as Shape]));
  });
}

export const UserNode = node<Row<User>>('User', (ids, context) => findUsers(context, ids));
export const ApiKeyNode = node<ApiKey>('ApiKey', (ids, context) => findKeys(context, ids));
export const FileNode = node<Row<File>>('File', (ids, context) => findVisibleFiles(context, ids));
export const ProjectNode = attachableNode<Row<Project>>('Project');
export const TaskNode = attachableNode<Row<Task>>('Task');
export const CommentNode = attachableNode<Row<Comment>>('Comment');
export const ContactNode = attachableNode<Row<Contact>>('Contact');
export const OpportunityNode = attachableNode<Row<Opportunity>>('Opportunity');
export const CaseNode = attachableNode<Row<Case>>('Case');
export const CategoryNode = node<Category>('Category', (ids, context) => findCategories(context, ids));
export const HistoryEventNode = node<HistoryEvent>('HistoryEvent', (ids, context) => findHistory(context, ids));
