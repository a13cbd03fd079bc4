import { relayScalars, scalars } from 'attache-client/scalars';
import { isScalarType, isSpecifiedScalarType } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../../src/schema/index.ts';

test.each(Object.entries({ scalars, relayScalars }))('%s names every custom scalar of the schema', (_name, types) => {
  const own = Object.values(schema.getTypeMap()).filter((type) => isScalarType(type) && !isSpecifiedScalarType(type));
  expect(Object.keys(types).sort()).toEqual(own.map(({ name }) => name).sort());
});
