import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';

/** The most characters of an alias. The path of every error below the field repeats it. */
const MAX_ALIAS_LENGTH = 255;

/** What one operation may have. What is in a fragment counts once for each use of the fragment. */
export interface ShapeLimits {
  maxQueryAliases: number;
  maxQueryDirectives: number;
  /** Uses of fragments, named and inline. */
  maxQueryFragments: number;
}

interface Shape {
  aliases: number;
  directives: number;
  fragments: number;
}

const settings = {
  aliases: { limit: 'maxQueryAliases', what: 'aliases' },
  directives: { limit: 'maxQueryDirectives', what: 'directives' },
  fragments: { limit: 'maxQueryFragments', what: 'uses of fragments' },
} as const satisfies Record<keyof Shape, { limit: keyof ShapeLimits; what: string }>;

/** Creates a validation rule that limits the shape of an operation. */
export function shapeLimits(limits: ShapeLimits): (context: ValidationContext) => ASTVisitor {
  return (context) => {
    const shapes = new Map<SelectionSetNode, Shape>();
    return {
      OperationDefinition(node) {
        const shape = { ...shapeOf(node.selectionSet, context, shapes) };
        shape.directives += node.directives?.length ?? 0;
        const problem = problemOf(shape, limits);
        if (problem === undefined) return;
        const extensions = { code: 'BAD_USER_INPUT' };
        context.reportError(new GraphQLError(`This query asks for too much${problem}`, { nodes: node, extensions }));
      },
    };
  };
}

/** `known` has the shapes of the selection sets that were counted. */
function shapeOf(
  set: SelectionSetNode | undefined,
  context: ValidationContext,
  known: Map<SelectionSetNode, Shape>,
): Shape {
  const found = set && known.get(set);
  if (found) return found;
  const shape: Shape = { aliases: 0, directives: 0, fragments: 0 };
  if (!set) return shape;
  known.set(set, shape); // Another rule refuses fragments that contain themselves.
  for (const selection of set.selections) {
    const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
    const fragment = isSpread ? context.getFragment(selection.name.value) : undefined;
    const inner = shapeOf(isSpread ? fragment?.selectionSet : selection.selectionSet, context, known);
    for (const name of Object.keys(shape) as (keyof Shape)[]) shape[name] += inner[name];
    shape.directives += (selection.directives?.length ?? 0) + (fragment?.directives?.length ?? 0);
    if (selection.kind !== Kind.FIELD) shape.fragments += 1;
    else if (selection.alias)
      shape.aliases += selection.alias.value.length > MAX_ALIAS_LENGTH ? Number.POSITIVE_INFINITY : 1;
  }
  return shape;
}

/** The first limit that a shape exceeds, as the end of a message. */
function problemOf(shape: Shape, limits: ShapeLimits): string | undefined {
  if (shape.aliases === Number.POSITIVE_INFINITY) return `: an alias may have at most ${MAX_ALIAS_LENGTH} characters.`;
  for (const name of Object.keys(settings) as (keyof Shape)[]) {
    const { limit, what } = settings[name];
    if (shape[name] > limits[limit])
      return ` at once: it has ${shape[name]} ${what}; ${limits[limit]} are allowed. Ask in several queries.`;
  }
  return undefined;
}
