import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import RelayPlugin from '@pothos/plugin-relay';
import ValidationPlugin from '@pothos/plugin-validation';
import type { Upload } from 'graphql-upload-minimal';
import { BadUserInputError, excerpt } from '../errors.ts';
import { attachableTypes } from '../workspace/attachables/index.ts';
import type { GraphQLContext } from './context.ts';
import { queryCost } from './cost.ts';
import { decodeId, encodeId } from './ids.ts';
import { repeatedFields } from './repeated-fields.ts';

export interface SchemaTypes {
  Context: GraphQLContext;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Connection: { count: () => Promise<number> };
  Scalars: {
    ID: { Input: string; Output: string | number };
    DateTime: { Input: Date; Output: Date };
    ByteSize: { Input: number; Output: number };
    Base64: { Input: Buffer; Output: never };
    Upload: { Input: Upload; Output: never };
  };
}

/** What the fields of an input type are made with. */
export type InputFields = PothosSchemaTypes.InputFieldBuilder<
  PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>,
  'InputObject'
>;

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ComplexityPlugin, repeatedFields, RelayPlugin, DataloaderPlugin, ValidationPlugin],
  defaultFieldNullability: false,
  complexity: queryCost,
  relay: {
    clientMutationId: 'omit',
    cursorType: 'String',
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      description: 'The nodes of this page with their cursors.',
    },
    nodeFieldOptions: { nullable: false, description: 'What the edge leads to.' },
    cursorFieldOptions: { description: 'Where the edge lies in the list: give it as `after` or `before`.' },
    nodesOnConnection: { description: 'The nodes of this page, for those who need no cursors.' },
    pageInfoFieldOptions: { description: 'How to read on.' },
    pageInfoTypeOptions: { description: 'Where a page lies in its list. https://relay.dev/graphql/connections.htm' },
    hasNextPageFieldOptions: { description: 'Whether something follows after `endCursor`.' },
    hasPreviousPageFieldOptions: { description: 'Whether something lies before `startCursor`.' },
    startCursorFieldOptions: { description: 'Cursor of the first edge; null when the page is empty.' },
    endCursorFieldOptions: { description: 'Cursor of the last edge; null when the page is empty.' },
    firstArgOptions: {
      description:
        'How many to read from the start of the list, or from `after`. At most 100, and more is BAD_USER_INPUT; 25 unless given.',
    },
    lastArgOptions: {
      description:
        'How many to read from the end of the list, or from `before`. At most 100, and more is BAD_USER_INPUT.',
    },
    afterArgOptions: { description: 'A cursor of this list; reads what follows it.' },
    beforeArgOptions: { description: 'A cursor of this list; reads what precedes it.' },
    mutationInputArgOptions: { description: 'What to do.' },
    nodeTypeOptions: { description: 'Anything that can be read again by its id.' },
    idFieldOptions: {
      description: 'Readable and unique in the whole server: the type and the `databaseId`, as in `Task:1`.',
    },
    encodeGlobalID: encodeId,
    decodeGlobalID: (id) => {
      const { type, id: databaseId } = decodeId(id);
      return { typename: type, id: String(databaseId) };
    },
    nodeQueryOptions: {
      description: 'Anything by its id. NOT_FOUND when it does not exist or you may not see it.',
      args: { id: { description: 'As in `Task:1`.' } },
      resolve: (_root, { id }, _context, _info, resolveNode) => resolveNode(parseNodeId(id)),
    },
    nodesQueryOptions: {
      description: 'Many things by their ids, in the same order; null, with an error, for each that is not found.',
      args: { ids: { description: 'At most 100, each as in `Task:1`.' } },
      resolve: (_root, { ids }, _context, _info, resolveNodes) => {
        if (ids.length > 100) throw new BadUserInputError('Ask for at most 100 nodes at once.');
        return resolveNodes(ids.map(parseNodeId));
      },
    },
  },
});

builder.queryType({ description: 'What can be read. Lists are Relay connections, read by the page.' });
builder.mutationType({ description: 'What can be changed. Each takes one `input` and answers a payload of its own.' });
builder.subscriptionType({
  description: 'What can be listened to, over WebSocket (graphql-transport-ws) or server-sent events.',
});

const nodeTypes = new Set<string>(['User', 'ApiKey', ...attachableTypes, 'Category', 'HistoryEvent', 'File']);

function parseNodeId<Id extends { typename: string }>(id: Id): Id {
  if (!nodeTypes.has(id.typename)) {
    throw new BadUserInputError(
      `"${excerpt(id.typename)}" is not a type with ids. Those are ${[...nodeTypes].join(', ')}.`,
    );
  }
  return id;
}
