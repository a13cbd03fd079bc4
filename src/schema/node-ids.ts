import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { attachableTypes } from '../workspace/attachables/index.ts';
import { encodeId } from './ids.ts';

/** The types with global ids. */
export const nodeTypes: ReadonlySet<string> = new Set([
  'User',
  'ApiKey',
  ...attachableTypes,
  'Category',
  'HistoryEvent',
  'File',
  'UploadToken',
  'ShareLink',
  'UnfinishedUpload',
  'UploadSession',
  'AuditLogEntry',
]);

const pluginName = 'nodeIds' as const;
/**
 * A Pothos plugin that resolves the field `id` of these types at once. The resolver of Pothos
 * returns a promise, and so the executor would wait for each item of a list by itself.
 */
export const nodeIds = pluginName;

class NodeIdsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { kind, name, parentType }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (kind !== 'Object' || name !== 'id' || !nodeTypes.has(parentType)) return resolve;
    return (row) => encodeId(parentType, (row as { id: number | string }).id);
  }
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      nodeIds: NodeIdsPlugin<Types>;
    }
  }
}

SchemaBuilder.registerPlugin(pluginName, NodeIdsPlugin as never);
