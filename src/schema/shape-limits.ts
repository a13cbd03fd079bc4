import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

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
    const refuse = (message: string, node: OperationDefinitionNode) =>
      context.reportError(new GraphQLError(message, { nodes: node, extensions: { code: 'BAD_USER_INPUT' } }));
    const shapeOf = (set: SelectionSetNode | undefined): Shape => {
      const shape: Shape = { aliases: 0, directives: 0, fragments: 0 };
      if (!set) return shape;
      const known = shapes.get(set);
      if (known) return known;
      shapes.set(set, shape); // Another rule refuses fragments that contain themselves.
      for (const selection of set.selections) {
        const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
        const fragment = isSpread ? context.getFragment(selection.name.value) : undefined;
        const inner = shapeOf(isSpread ? fragment?.selectionSet : selection.selectionSet);
        for (const name of Object.keys(shape) as (keyof Shape)[]) shape[name] += inner[name];
        shape.directives += (selection.directives?.length ?? 0) + (fragment?.directives?.length ?? 0);
        if (selection.kind !== Kind.FIELD) shape.fragments += 1;
        else if (selection.alias)
          shape.aliases += selection.alias.value.length > MAX_ALIAS_LENGTH ? Number.POSITIVE_INFINITY : 1;
      }
      return shape;
    };
    return {
      OperationDefinition(node) {
        const shape = { ...shapeOf(node.selectionSet) };
        shape.directives += node.directives?.length ?? 0;
        if (shape.aliases === Number.POSITIVE_INFINITY)
          return refuse(
            `This query asks for too much: an alias may have at most ${MAX_ALIAS_LENGTH} characters.`,
            node,
          );
        for (const name of Object.keys(settings) as (keyof Shape)[]) {
          const { limit, what } = settings[name];
          if (shape[name] <= limits[limit]) continue;
          return refuse(
            `This query asks for too much at once: it has ${shape[name]} ${what}; ${limits[limit]} are allowed. ` +
              'Ask in several queries.',
            node,
          );
        }
      },
    };
  };
}
