/** .NET's round-trip format in UTC with seven decimals, as in `2026-11-21T02:16:00.0000000Z`. */
export const encodeDateTime = (moment: Date): string => moment.toISOString().replace('Z', '0000Z');
