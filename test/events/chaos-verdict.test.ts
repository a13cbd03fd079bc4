import { expect, test } from 'vitest';
import { judge } from '../../scripts/chaos/verdict.ts';

const noErrors = { lost: 0, duplicated: 0, outOfOrder: 0, unknown: 0 };

test.for([
  ['all of it', ['a', 'b', 'c'], noErrors],
  ['nothing', [], { ...noErrors, lost: 3 }],
  ['all but one', ['a', 'c'], { ...noErrors, lost: 1 }],
  ['one twice', ['a', 'b', 'b', 'c'], { ...noErrors, duplicated: 1 }],
  ['one too late', ['b', 'c', 'a'], { ...noErrors, outOfOrder: 1 }],
  ['one that is not in the log', ['a', 'x', 'b', 'c'], { ...noErrors, unknown: 1 }],
  ['one too late and twice, and one never', ['b', 'a', 'a'], { lost: 1, duplicated: 1, outOfOrder: 1, unknown: 0 }],
] as const)('reports what is wrong when a subscriber received %s', ([, received, verdict]) => {
  expect(judge(['a', 'b', 'c'], received)).toEqual({ expected: 3, received: received.length, ...verdict });
});
