import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  isScalarType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';

/** A place in the variables of an operation that takes a file, or a list of them. */
export interface UploadPlace {
  /** Such as `input.files`, as in the `map` of a multipart request. */
  path: string;
  /** Such as `[Upload!]!`. */
  type: string;
  isList: boolean;
}

const isUpload = (type: unknown) => isScalarType(type) && type.name === 'Upload';

/**
 * The places for files in the variables of an operation, also within input objects. Of a list of
 * input objects, those of the items that the variables have now, or of a first one.
 */
export function uploadPlaces(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: unknown,
): UploadPlace[] {
  return (operation.variableDefinitions ?? []).flatMap((definition) => {
    const type = typeFromAST(schema, definition.type as never);
    const name = definition.variable.name.value;
    return isInputType(type) ? placesIn(type, [name], fieldOf(variables, name), []) : [];
  });
}

/** `parents` are the input types that lead here: one that contains itself would have no end. */
function placesIn(
  nullable: GraphQLInputType,
  path: string[],
  value: unknown,
  parents: readonly GraphQLInputType[],
): UploadPlace[] {
  const type = getNullableType(nullable) as GraphQLInputType;
  if (isUpload(type)) return [{ path: path.join('.'), type: String(nullable), isList: false }];
  if (isListType(type)) {
    const item = type.ofType as GraphQLInputType;
    if (isUpload(getNullableType(item))) return [{ path: path.join('.'), type: String(nullable), isList: true }];
    const items = Array.isArray(value) && value.length > 0 ? value : [undefined];
    return items.flatMap((one, index) => placesIn(item, [...path, String(index)], one, parents));
  }
  if (!isInputObjectType(type) || parents.includes(type)) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    placesIn(field.type, [...path, field.name], fieldOf(value, field.name), [...parents, type]),
  );
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
