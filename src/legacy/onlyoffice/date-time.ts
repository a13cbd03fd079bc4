/** As .NET writes it: UTC, to a ten-millionth of a second, as in `2026-11-21T02:16:00.0000000Z`. */
export const encodeDateTime = (moment: Date): string => moment.toISOString().replace('Z', '0000Z');
