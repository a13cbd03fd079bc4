import SchemaBuilder, {
  BasePlugin,
  createContextCache,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  Kind,
  type OperationDefinitionNode,
  print,
  visit,
} from 'graphql';
import type { GraphQLContext } from './context.ts';

/**
 * A Pothos plugin that resolves a field once when a query selects it with the same arguments under
 * several aliases. Otherwise a query of some kilobytes could make the server read a file, or count
 * a table, a thousand times. It covers every field, including new ones, that has a resolver of its
 * own. In mutations it does nothing: there, one field may change the result of another.
 */

const pluginName = 'repeatedFields' as const;
export const repeatedFields = pluginName;

/** The facts about an operation that decide whether results can be shared. */
interface Shape {
  /** Whether any field name has several response keys. */
  repeats: boolean;
  /** The names of all selected fields. */
  names: ReadonlySet<string>;
}

const shapes = new WeakMap<OperationDefinitionNode, Shape>();
/** The last one that was used: consecutive fields belong to the same operation. */
let latest: { operation: OperationDefinitionNode; shape: Shape } | undefined;

function shapeOf({ operation, fragments }: Pick<GraphQLResolveInfo, 'operation' | 'fragments'>): Shape {
  if (latest?.operation === operation) return latest.shape;
  const shape = shapes.get(operation) ?? readShape(operation, fragments);
  latest = { operation, shape };
  return shape;
}

function readShape(operation: OperationDefinitionNode, fragments: GraphQLResolveInfo['fragments']): Shape {
  const keys = new Map<string, string>();
  let repeats = false;
  const count = ({ name, alias }: FieldNode) => {
    const key = alias?.value ?? name.value;
    const first = keys.get(name.value);
    if (first === undefined) keys.set(name.value, key);
    else if (first !== key) repeats = true;
  };
  const definitions = [operation, ...(Object.values(fragments) as FragmentDefinitionNode[])];
  visit({ kind: Kind.DOCUMENT, definitions } satisfies DocumentNode, { Field: count });
  const shape = { repeats, names: new Set(keys.keys()) };
  shapes.set(operation, shape);
  return shape;
}

/** Whether the operation selects a field of this name anywhere. */
export const selects = (info: GraphQLResolveInfo, name: string): boolean => shapeOf(info).names.has(name);

/**
 * Whether the operation selects a field of this name anywhere. Undefined when no field has several
 * aliases: then `info` describes the only selection of its field.
 */
export function isSelectedAnywhere(info: GraphQLResolveInfo, name: string): boolean | undefined {
  const { repeats, names } = shapeOf(info);
  return repeats ? names.has(name) : undefined;
}

/** The results of one request: by parent object, and by field with its arguments. */
const results = createContextCache(() => new WeakMap<object, Map<string, unknown>>());

class RepeatedFieldsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const isProperty = field.extensions?.pothosExposedField !== undefined;
    if (isProperty || field.kind === 'Mutation') return resolve;
    const { name } = field;
    const once: GraphQLFieldResolver<unknown, Types['Context'], object> = (parent, args, context, info) => {
      if (!shapeOf(info).repeats || info.operation.operation === 'mutation')
        return resolve(parent, args, context, info);
      const owner = isObject(parent) ? parent : (context as object);
      const values = valuesOf(results(context as object), owner);
      const key = `${field.parentType}.${name}(${argumentsOf(info.fieldNodes[0] as FieldNode)})`;
      if (!values.has(key)) values.set(key, resolve(parent, args, context, info));
      return values.get(key);
    };
    return field.type.kind === 'List' ? withListCost(once) : once;
  }
}

const argumentTexts = new WeakMap<FieldNode, string>();

/**
 * Returns the arguments as source text. Within one request, a variable has one value, so that equal
 * texts mean equal values.
 */
function argumentsOf(node: FieldNode): string {
  const known = argumentTexts.get(node);
  if (known !== undefined) return known;
  const text = (node.arguments ?? []).map(print).sort().join();
  argumentTexts.set(node, text);
  return text;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function valuesOf(cache: WeakMap<object, Map<string, unknown>>, owner: object): Map<string, unknown> {
  const known = cache.get(owner);
  if (known) return known;
  const values = new Map<string, unknown>();
  cache.set(owner, values);
  return values;
}

/** Items of a list without pages that the static cost includes; see schema/cost.ts. */
const USUAL_LIST = 10;

/**
 * Wraps a resolver to add the cost of a list without pages that is longer than assumed, each time
 * it is returned.
 */
function withListCost<Context>(
  resolve: GraphQLFieldResolver<unknown, Context, object>,
): GraphQLFieldResolver<unknown, Context, object> {
  return (parent, args, context, info) => {
    const addCost = <T>(list: T): T => {
      if (!Array.isArray(list) || list.length <= USUAL_LIST) return list;
      const { budget } = context as GraphQLContext;
      budget.addCost(list.length * fieldsBelow(info));
      return list;
    };
    const list = resolve(parent, args, context, info);
    return list instanceof Promise ? list.then(addCost) : addCost(list);
  };
}

const sizes = new WeakMap<FieldNode, number>();

/**
 * The number of fields selected for each item, itself included. A fragment counts once for each
 * use.
 */
function fieldsBelow({ fieldNodes, fragments }: GraphQLResolveInfo): number {
  const sizeOf = (node: FieldNode): number => {
    const known = sizes.get(node);
    if (known !== undefined) return known;
    const size = 1 + inSet(node.selectionSet);
    sizes.set(node, size);
    return size;
  };
  const inSet = (set: FieldNode['selectionSet']): number =>
    (set?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + sizeOf(selection);
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + inSet(selection.selectionSet);
      return sum + inSet(fragments[selection.name.value]?.selectionSet);
    }, 0);
  return fieldNodes.reduce((sum, node) => sum + sizeOf(node), 0);
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      repeatedFields: RepeatedFieldsPlugin<Types>;
    }
  }
}

SchemaBuilder.registerPlugin(pluginName, RepeatedFieldsPlugin as never);
