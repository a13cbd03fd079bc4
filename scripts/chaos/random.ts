/** A random number of a range. */
export const between = (from: number, to: number): number => from + Math.random() * (to - from);

/** True with a probability from 0 to 1. */
export const chance = (probability: number): boolean => Math.random() < probability;

/** A random one of the choices. */
export const anyOf = <T>(choices: readonly T[]): T => choices[Math.floor(Math.random() * choices.length)] as T;
