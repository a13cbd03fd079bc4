import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import RelayPlugin from '@pothos/plugin-relay';
import ValidationPlugin from '@pothos/plugin-validation';
import type { Upload } from 'graphql-upload-minimal';
import { BadUserInputError, excerpt } from '../errors.ts';
import type { GraphQLContext } from './context.ts';
import { queryCost } from './cost.ts';
import { decodeId, decodeUploadId, encodeId } from './ids.ts';
import { nodeIds, nodeTypes } from './node-ids.ts';
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

/** The builder of the fields of an input type. */
export type InputFields = PothosSchemaTypes.InputFieldBuilder<
  PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>,
  'InputObject'
>;

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ComplexityPlugin, repeatedFields, nodeIds, RelayPlugin, DataloaderPlugin, ValidationPlugin],
  defaultFieldNullability: false,
  complexity: queryCost,
  relay: {
    clientMutationId: 'omit',
    cursorType: 'String',
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      description: 'The items of this page, each with its cursor.',
    },
    nodeFieldOptions: { nullable: false, description: 'The item.' },
    cursorFieldOptions: {
      description: 'Position of the item in the list. Pass it as `after` or `before` to read from here.',
    },
    nodesOnConnection: { description: 'The items of this page, without cursors.' },
    pageInfoFieldOptions: { description: 'The cursors of this page, and whether more pages follow or precede it.' },
    pageInfoTypeOptions: {
      description: 'Information about one page of a list. See https://relay.dev/graphql/connections.htm',
    },
    hasNextPageFieldOptions: { description: 'Whether more items follow `endCursor`.' },
    hasPreviousPageFieldOptions: { description: 'Whether more items precede `startCursor`.' },
    startCursorFieldOptions: { description: 'Cursor of the first item; null when the page is empty.' },
    endCursorFieldOptions: { description: 'Cursor of the last item; null when the page is empty.' },
    firstArgOptions: {
      description:
        'Number of items to return from the start of the list, or after `after`: at most 100, and 25 when ' +
        'omitted. A larger number is BAD_USER_INPUT.',
    },
    lastArgOptions: {
      description:
        'Number of items to return from the end of the list, or before `before`: at most 100. A larger ' +
        'number is BAD_USER_INPUT.',
    },
    afterArgOptions: {
      description: 'Return the items that follow this cursor of the same list. Any other cursor is BAD_USER_INPUT.',
    },
    beforeArgOptions: {
      description: 'Return the items that precede this cursor of the same list. Any other cursor is BAD_USER_INPUT.',
    },
    mutationInputArgOptions: { description: 'The arguments of the mutation.' },
    nodeTypeOptions: { description: 'An object that has a global id. `node` and `nodes` read it by that id.' },
    idFieldOptions: {
      description: 'Global id, unique on the server: the type name and the `databaseId`, as in `Task:1`.',
    },
    encodeGlobalID: encodeId,
    decodeGlobalID: (id) => {
      const { type, id: databaseId } = decodeUploadId(id) ?? decodeId(id);
      return { typename: type, id: String(databaseId) };
    },
    nodeQueryOptions: {
      description: 'Returns the object with a global id. NOT_FOUND when it does not exist or you may not see it.',
      args: { id: { description: 'Global id, as in `Task:1`.' } },
      resolve: (_root, { id }, _context, _info, resolveNode) => resolveNode(parseNodeId(id)),
    },
    nodesQueryOptions: {
      description:
        'Returns the objects with the given global ids, in the same order. An object that does not exist, or ' +
        'that you may not see, is null and adds a NOT_FOUND error.',
      args: { ids: { description: 'At most 100 global ids, each as in `Task:1`. More are BAD_USER_INPUT.' } },
      resolve: (_root, { ids }, _context, _info, resolveNodes) => {
        if (ids.length > 100) throw new BadUserInputError('Ask for at most 100 nodes at once.');
        return resolveNodes(ids.map(parseNodeId));
      },
    },
  },
});

builder.queryType({ description: 'Read operations. Lists are Relay connections, which are read in pages.' });
builder.mutationType({
  description:
    'Write operations. Each takes one `input` argument and returns a payload type of its own. Any of them fails ' +
    'with NOT_FOUND when an object of the input does not exist or you may not see it, with FORBIDDEN when you may ' +
    'see it but may not do this with it or when the API key has the scope READ, and with BAD_USER_INPUT for an ' +
    'invalid value; descriptions name further errors.',
});
builder.subscriptionType({
  description:
    'Event streams, over WebSocket (protocol `graphql-transport-ws`) or server-sent events. A stream ends with ' +
    'NOT_FOUND when you may not, or no longer, see the attachable, with UNAUTHENTICATED when the API key or token ' +
    'has ended, and with SUBSCRIBER_TOO_SLOW when its events are read more slowly than they are written.',
});

function parseNodeId<Id extends { typename: string }>(id: Id): Id {
  if (!nodeTypes.has(id.typename)) {
    throw new BadUserInputError(
      `"${excerpt(id.typename)}" is not a type with ids. Those are ${[...nodeTypes].join(', ')}.`,
    );
  }
  return id;
}
