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
 * The same field with the same arguments, under several aliases of one query, is computed once. Without that, a query
 * of a few kilobytes makes the server read a file, or count a table, a thousand times. It goes for every field whose
 * value is not just a member of its object, so that a new field is covered by itself. Not in mutations: there, one
 * field may change what another answers.
 */

const pluginName = 'repeatedFields' as const;
export const repeatedFields = pluginName;

/** What of a query decides whether its fields can be the same. */
interface Shape {
  /** Whether a field of one name has several response keys, anywhere. */
  repeats: boolean;
  /** The names of all fields. */
  names: ReadonlySet<string>;
}

const shapes = new WeakMap<OperationDefinitionNode, Shape>();
/** Every field of an answer asks for the same one. */
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

/**
 * Whether a query may ask for a field of this name below one that is computed once for several aliases, of which `info`
 * is the first; undefined when nothing is asked for twice.
 */
export function isSelectedAnywhere(info: GraphQLResolveInfo, name: string): boolean | undefined {
  const { repeats, names } = shapeOf(info);
  return repeats ? names.has(name) : undefined;
}

/** What was computed in one request, by the object that it is a field of, the field and its arguments. */
const computed = createContextCache(() => new WeakMap<object, Map<string, unknown>>());

class RepeatedFieldsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const isMember = field.extensions?.pothosExposedField !== undefined;
    if (isMember || field.kind === 'Mutation') return resolve;
    const { name } = field;
    const once: GraphQLFieldResolver<unknown, Types['Context'], object> = (parent, args, context, info) => {
      if (!shapeOf(info).repeats || info.operation.operation === 'mutation')
        return resolve(parent, args, context, info);
      const owner = isObject(parent) ? parent : (context as object);
      const values = valuesOf(computed(context as object), owner);
      const key = `${field.parentType}.${name}(${argumentsOf(info.fieldNodes[0] as FieldNode)})`;
      if (!values.has(key)) values.set(key, resolve(parent, args, context, info));
      return values.get(key);
    };
    return field.type.kind === 'List' ? counted(once) : once;
  }
}

const written = new WeakMap<FieldNode, string>();

/** The arguments as the query has them: within one request, a variable always has the same value. */
function argumentsOf(node: FieldNode): string {
  const known = written.get(node);
  if (known !== undefined) return known;
  const text = (node.arguments ?? []).map(print).sort().join();
  written.set(node, text);
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

/** What a list costs that is not read by the page is known when it is there. Of those, so many are in the static cost. */
const USUAL_LIST = 10;

/** Counts what a list answers, as often as it is answered. */
function counted<Context>(
  resolve: GraphQLFieldResolver<unknown, Context, object>,
): GraphQLFieldResolver<unknown, Context, object> {
  return (parent, args, context, info) => {
    const count = <T>(list: T): T => {
      if (!Array.isArray(list) || list.length <= USUAL_LIST) return list;
      const { budget } = context as GraphQLContext;
      budget.addCost(list.length * fieldsBelow(info));
      return list;
    };
    const list = resolve(parent, args, context, info);
    return list instanceof Promise ? list.then(count) : count(list);
  };
}

const sizes = new WeakMap<FieldNode, number>();

/** How many fields are asked for of each item, itself included; fragments count as often as they are used. */
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
