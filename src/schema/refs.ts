import { type AuditLogEntry, findAudit } from '../audit/list-audit.ts';
import { findKeys } from '../auth/api-keys.ts';
import { findUsers } from '../auth/users.ts';
import type {
  ApiKey,
  AttachableType,
  Category,
  File,
  HistoryEvent,
  ShareLink,
  UploadToken,
  User,
} from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { NotFoundError } from '../errors.ts';
import { findVisibleFiles } from '../files/load-files.ts';
import { findShareLinks } from '../sharing/share-links.ts';
import { findUploadTokens } from '../sharing/upload-tokens.ts';
import { findUploadSessions, type OpenSession } from '../uploads/open-sessions.ts';
import { findUnfinishedUploads, type UnfinishedUpload } from '../uploads/unfinished-uploads.ts';
import { loadAttachables } from '../workspace/attachable.ts';
import { type Attachable, attachableTypes, type Entity, type RowOf } from '../workspace/attachables/index.ts';
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
const node = <Shape extends { id: number }>(
  name: string,
  load: (ids: number[], context: GraphQLContext) => Promise<Map<number, Shape>>,
) => nodeWithId(name, Number, load);

function nodeWithId<Id extends number | string, Shape extends { id: Id }>(
  name: string,
  parse: (id: string) => Id,
  load: (ids: Id[], context: GraphQLContext) => Promise<Map<Id, Shape>>,
) {
  return builder.loadableNodeRef(name, {
    id: { resolve: (row: Shape) => row.id, parse },
    loaderOptions: { maxBatchSize: MAX_BATCH },
    load: async (ids: Id[], context: GraphQLContext): Promise<(Shape | Error)[]> => {
      const rows = await context.budget.lookUp(() => load(ids, context));
      await reserveTexts(context, rows.values());
      return ids.map((id) => rows.get(id) ?? new NotFoundError([encodeId(name, id)]));
    },
  });
}

function attachableNode<Type extends AttachableType>(type: Type) {
  return node<RowOf<Type>>(type, async (ids, context) => {
    const loaded = await loadAttachables(
      context,
      ids.map((id) => ({ type, id })),
    );
    return new Map([...loaded.values()].map((each) => [each.ref.id, primeAccess(each) as RowOf<Type>]));
  });
}

export const UserNode = node<Row<User>>('User', (ids, context) => findUsers(context, ids));
export const ApiKeyNode = node<ApiKey>('ApiKey', (ids, context) => findKeys(context, ids));
export const UploadTokenNode = node<UploadToken>('UploadToken', (ids, context) => findUploadTokens(context, ids));
export const ShareLinkNode = node<ShareLink>('ShareLink', (ids, context) => findShareLinks(context, ids));
export const UnfinishedUploadNode = nodeWithId<string, UnfinishedUpload>('UnfinishedUpload', String, (ids, context) =>
  findUnfinishedUploads(context, ids),
);
export const UploadSessionNode = node<OpenSession>('UploadSession', (ids, context) => findUploadSessions(context, ids));
export const FileNode = node<Row<File>>('File', (ids, context) => findVisibleFiles(context, ids));
/** The GraphQL type of every attachable. */
export const attachableNodes = Object.fromEntries(attachableTypes.map((type) => [type, attachableNode(type)])) as {
  [Type in AttachableType]: ReturnType<typeof attachableNode<Type>>;
};
export const { Project: ProjectNode, Task: TaskNode, Comment: CommentNode, Contact: ContactNode } = attachableNodes;
export const CategoryNode = node<Category>('Category', (ids, context) => findCategories(context, ids));
export const HistoryEventNode = node<HistoryEvent>('HistoryEvent', (ids, context) => findHistory(context, ids));
export const AuditLogEntryNode = node<AuditLogEntry>('AuditLogEntry', (ids, context) => findAudit(context, ids));
