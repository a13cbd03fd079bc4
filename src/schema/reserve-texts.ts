import type { GraphQLContext } from './context.ts';

/** The most characters of a short text. Its memory is part of the cost of its field. */
const MAX_SHORT = 1000;

/** The columns of type text without a maximum length. */
const longTexts = ['description', 'body', 'content'] as const;

/**
 * Reserves memory for the long texts of rows that were just read, and waits until it is available.
 * The rows stay in memory until the response is complete, whether or not it includes the texts.
 */
export async function reserveTexts({ budget }: GraphQLContext, rows: Iterable<object>): Promise<void> {
  let characters = 0;
  for (const row of rows as Iterable<Partial<Record<(typeof longTexts)[number], unknown>>>) {
    for (const name of longTexts) {
      const text = row[name];
      if (typeof text === 'string' && text.length > MAX_SHORT) characters += text.length;
    }
  }
  if (characters > 0) await budget.reserve(characters);
}
