/** Selects a field many times, each under an alias of its own: `a0: …`, `a1: …`. */
export const repeatField = (count: number, field: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `a${index}: ${field(index)}`).join(' ');
