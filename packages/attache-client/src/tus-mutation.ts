import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import type { OperationResult } from './errors.ts';
import type { UploadRequest } from './multipart.ts';

/**
 * A mutation that uploads files to an attachable, in two steps: its files are uploaded by tus, and
 * a mutation that attaches them, where they are attached already, returns the selected fields.
 */
export interface TusMutation {
  files: Blob[];
  /** The metadata that each upload has. */
  metadata: Record<string, string>;
  /** The key of the mutation, from which each upload derives its own. */
  idempotencyKey: string | undefined;
  attachRequest(fileIds: string[]): UploadRequest;
  /** The result of the original mutation, from that of `attachRequest`. */
  resultOf(result: OperationResult<Record<string, object>>, errors: object[]): OperationResult;
}

const FIELD = /^upload(Task|Project|Comment|Entity)Files$/;
const INPUT = 'attachInput';

/** Returns undefined for an operation that cannot be executed in this way. */
export function tusMutationOf({ query, variables, operationName, ...rest }: UploadRequest): TusMutation | undefined {
  const document = parse(query);
  const operation = operationIn(document, operationName);
  const field = operation?.selectionSet.selections[0];
  if (operation?.selectionSet.selections.length !== 1 || field?.kind !== Kind.FIELD) return undefined;
  const kind = FIELD.exec(field.name.value)?.[1];
  const argument = field.arguments?.find(({ name }) => name.value === 'input');
  if (!kind || !argument || !field.selectionSet) return undefined;
  const input = valueFromASTUntyped(argument.value, variables) as Record<string, unknown>;
  const { files, idempotencyKey, [`${kind.toLowerCase()}Id`]: on, ...fields } = input;
  const blobs = Array.isArray(files) ? files : [files];
  if (typeof on !== 'string' || !blobs.every((file) => file instanceof Blob)) return undefined;
  const given = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  const key = field.alias?.value ?? field.name.value;
  const { text, used, errorKeys } = attachDocument(document, operation, field, kind);
  return {
    files: blobs,
    idempotencyKey: typeof idempotencyKey === 'string' ? idempotencyKey : undefined,
    metadata: { on, ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])) },
    attachRequest: (fileIds) => ({
      ...rest,
      query: text,
      variables: {
        ...Object.fromEntries(Object.entries(variables ?? {}).filter(([name]) => used.has(name))),
        [INPUT]: { [`${kind.toLowerCase()}Id`]: on, fileIds },
      },
    }),
    resultOf(result, errors) {
      const payload = result.data?.[key];
      if (!payload) return result;
      const typename = '__typename' in payload ? { __typename: `Upload${kind}FilesPayload` } : {};
      const added = Object.fromEntries([...errorKeys].map((name) => [name, errors]));
      return { ...result, data: { ...result.data, [key]: { ...payload, ...typename, ...added } } };
    },
  };
}

const operationIn = ({ definitions }: DocumentNode, name: string | undefined) =>
  definitions.find(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION && (name === undefined || definition.name?.value === name),
  );

/** The document that attaches files and selects the same fields, apart from `errors`. */
function attachDocument(document: DocumentNode, operation: OperationDefinitionNode, field: FieldNode, kind: string) {
  const fragments = new Map(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  );
  const errorKeys = new Set<string>();
  const selections = withoutErrors(field.selectionSet?.selections ?? [], fragments, errorKeys);
  const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const;
  const selectionSet = {
    kind: Kind.SELECTION_SET,
    selections: selections.length > 0 ? selections : [typename],
  } as const;
  const selected = print(selectionSet);
  const spread = usedFragments(selectionSet, fragments).map(print).join('\n');
  const used = new Set([...`${selected} ${spread}`.matchAll(/\$(\w+)/g)].map(([, name = '']) => name));
  const definitions = (operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value));
  const alias = field.alias?.value ?? field.name.value;
  const text = `mutation (${[...definitions.map(print), `$${INPUT}: Attach${kind}FilesInput!`].join(', ')}) {
    ${alias}: attach${kind}Files(input: $${INPUT}) ${selected}
  }
  ${spread}`;
  return { text, used, errorKeys };
}

/** Fragments on the payload are written out: they are on a type that the other mutation lacks. */
function withoutErrors(
  selections: readonly SelectionNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  errorKeys: Set<string>,
): SelectionNode[] {
  return selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value !== 'errors') return [selection];
      errorKeys.add(selection.alias?.value ?? 'errors');
      return [];
    }
    const { selectionSet } =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : (fragments.get(selection.name.value) ?? {});
    const rewritten = withoutErrors(selectionSet?.selections ?? [], fragments, errorKeys);
    const { directives = [] } = selection;
    if (directives.length === 0 || rewritten.length === 0) return rewritten;
    const group = { kind: Kind.SELECTION_SET, selections: rewritten } as const;
    return [{ kind: Kind.INLINE_FRAGMENT, directives, selectionSet: group }];
  });
}

/** The fragments that the selections use, also through one another. */
function usedFragments(
  node: Parameters<typeof visit>[0],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  found = new Set<FragmentDefinitionNode>(),
): FragmentDefinitionNode[] {
  visit(node, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (!fragment || found.has(fragment)) return;
      found.add(fragment);
      usedFragments(fragment, fragments, found);
    },
  });
  return [...found];
}
