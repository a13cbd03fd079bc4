import { inject } from 'vitest';

/** Whether tests run at length: in `npm run test:full`. */
export const isFull = inject('full');

/** How many of something a test of `*.long.test.ts` takes: few in `npm test`, all in `npm run test:full`. */
export const few = (short: number, full: number): number => (isFull ? full : short);
