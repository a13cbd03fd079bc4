import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import { isSelectedAnywhere } from './repeated-fields.ts';

/**
 * Whether the query selects a field of this name directly below the field that is being resolved.
 * It ignores directives. When several aliases share one result, it answers whether the query
 * selects such a field anywhere.
 */
export function isSelected(info: GraphQLResolveInfo, name: string): boolean {
  const { fieldNodes, fragments } = info;
  const isIn = (set: SelectionSetNode | undefined): boolean =>
    (set?.selections ?? []).some((selection) => {
      if (selection.kind === Kind.FIELD) return selection.name.value === name;
      if (selection.kind === Kind.INLINE_FRAGMENT) return isIn(selection.selectionSet);
      return isIn(fragments[selection.name.value]?.selectionSet);
    });
  return isSelectedAnywhere(info, name) ?? fieldNodes.some((node) => isIn(node.selectionSet));
}
