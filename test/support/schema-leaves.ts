import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

/** One argument or input field of the schema, and an operation that sets it. */
export interface Leaf {
  /** Such as `Mutation.updateFile(input.name)`. */
  name: string;
  kind: 'query' | 'mutation' | 'subscription';
  /**
   * Whose credentials run the operation: those of a user, of an upload token or of a share link.
   */
  bearer: 'user' | 'upload' | 'share';
  /** Whether a text can be valid there. A number or an enum is rejected during validation. */
  isText: boolean;
  /** The operation with each of the texts under an alias of its own. */
  operation(texts: readonly string[]): { query: string; variables: Record<string, unknown> };
}

const numbers = new Set(['Int', 'Float', 'Boolean', 'ByteSize']);

type Input = GraphQLArgument | GraphQLInputField;

/** Every argument and input field of the schema, of every type except `Upload`. */
export function leavesOf(schema: GraphQLSchema): Leaf[] {
  const kinds = ['query', 'mutation', 'subscription'] as const;
  const roots = kinds.flatMap((kind) => {
    const type = schema.getRootType(kind as never);
    return type ? fieldsOf(type).flatMap((field) => leavesOfField(kind, type, field, 'root')) : [];
  });
  const node = schema.getType('Node');
  const inner = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__') && !schemaRoots(schema).includes(type))
    .flatMap((type) => {
      const object = type as GraphQLObjectType;
      const isNode = object.getInterfaces().some((one) => one === node);
      const where = isNode ? 'node' : object.name === 'Share' ? 'share' : 'nowhere';
      return fieldsOf(object).flatMap((field) => leavesOfField('query', object, field, where));
    });
  return [...roots, ...inner];
}

const schemaRoots = (schema: GraphQLSchema): unknown[] => [
  schema.getQueryType(),
  schema.getMutationType(),
  schema.getSubscriptionType(),
];

const fieldsOf = (type: GraphQLObjectType) => Object.values(type.getFields());

function leavesOfField(
  kind: Leaf['kind'],
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  where: 'root' | 'node' | 'share' | 'nowhere',
): Leaf[] {
  const paths = field.args.flatMap((arg) => pathsIn(arg, [arg]));
  if (where === 'nowhere' && paths.length > 0)
    throw new Error(`Nothing leads to ${type.name}.${field.name}, which has arguments: teach this test a way.`);
  return paths.map((path) => ({
    name: `${type.name}.${field.name}(${path.map((input) => input.name).join('.')})`,
    kind,
    bearer: where === 'share' ? 'share' : ((field.extensions.guests as 'upload' | 'share' | undefined) ?? 'user'),
    isText: !isEnumType(getNamedType(path.at(-1)?.type)) && !numbers.has(String(getNamedType(path.at(-1)?.type))),
    operation(texts) {
      const args = field.args.filter((arg) => isRequiredArgument(arg) || arg === path[0]);
      const declared = texts.flatMap((_, index) => args.map((arg) => `$${arg.name}${index}: ${arg.type}`));
      const selection = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
      const calls = texts.map((_, index) => {
        const given = args.map((arg) => `${arg.name}: $${arg.name}${index}`).join(', ');
        return `a${index}: ${field.name}(${given})${selection}`;
      });
      const body =
        where === 'root'
          ? calls.join(' ')
          : where === 'share'
            ? `share { ${calls.join(' ')} }`
            : `node(id: "${type.name}:1") { ... on ${type.name} { ${calls.join(' ')} } }`;
      const variables = texts.flatMap((text, index) =>
        args.map((arg) => [`${arg.name}${index}`, inputValueOf(arg, field.name, arg === path[0] ? path : [], text)]),
      );
      return { query: `${kind} (${declared.join(', ')}) { ${body} }`, variables: Object.fromEntries(variables) };
    },
  }));
}

/** The paths from an argument to its leaves. A recursive input type is entered once. */
function pathsIn(input: Input, path: readonly Input[]): (readonly Input[])[] {
  const type = getNamedType(input.type);
  if (!isInputObjectType(type)) return type.name === 'Upload' ? [] : [path];
  return Object.values(type.getFields()).flatMap((field) =>
    path.some((one) => getNamedType(one.type) === getNamedType(field.type) && isInputObjectType(getNamedType(one.type)))
      ? []
      : pathsIn(field, [...path, field]),
  );
}

/** A valid value with the text at the end of the path, and otherwise only required fields. */
function inputValueOf(input: Input, context: string, path: readonly Input[], text: string): unknown {
  const [, next] = path;
  const make = (type: GraphQLInputType): unknown => {
    if (isNonNullType(type)) return make(type.ofType);
    if (isListType(type)) return path.length > 0 || getNamedType(type).name !== 'Upload' ? [make(type.ofType)] : [];
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((field) => isRequiredInputField(field) || field === next);
      return Object.fromEntries(
        fields.map((field) => [field.name, inputValueOf(field, context, field === next ? path.slice(1) : [], text)]),
      );
    }
    return path.length > 0 ? text : usual(type, input.name, context);
  };
  return make(input.type);
}

function usual(type: GraphQLInputType, name: string, context: string): unknown {
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (type.toString() === 'ID') {
    const [, named] = /^(\w+?)Ids?$/.exec(name) ?? [];
    const kind =
      named === 'entity' ? 'Contact' : named === 'parent' ? 'File' : (named ?? (name === 'on' ? 'task' : context));
    return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}:1`;
  }
  if (type.toString() === 'DateTime') return '2026-11-21T02:16:00Z';
  if (type.toString() === 'Boolean') return true;
  if (['Int', 'Float', 'ByteSize'].includes(type.toString())) return 1;
  return type.toString() === 'Base64' ? 'YQ==' : 'a';
}
