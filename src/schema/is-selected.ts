import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import { isSelectedAnywhere } from './repeated-fields.ts';

/**
 * Whether a field is asked for right below the one that is being resolved. Directives are not looked at. Where several
 * aliases share what is resolved, whether the query asks for it at all.
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
