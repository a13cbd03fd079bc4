import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  buildSchema,
  type GraphQLField,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, test } from 'vitest';

test('every type, field, argument and enum value of the schema has a description', async () => {
  const schema = buildSchema(await readFile(resolve(import.meta.dirname, '../../schema.graphql'), 'utf8'));
  const undescribed: string[] = [];
  const look = (path: string, { description }: { description?: string | null | undefined }) => {
    if (!description?.trim()) undescribed.push(path);
  };
  const lookAtField = (path: string, field: GraphQLField<unknown, unknown>) => {
    look(path, field);
    for (const arg of field.args) look(`${path}(${arg.name})`, arg);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    look(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) look(`${type.name}.${field.name}`, field);
    }
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) lookAtField(`${type.name}.${field.name}`, field);
    }
  }
  expect(undescribed).toEqual([]);
});
