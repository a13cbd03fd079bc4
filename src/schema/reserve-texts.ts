import type { GraphQLContext } from './context.ts';

/** Shorter texts are counted with the fields that they are in. */
const LONG = 1000;

/** The columns that may hold long texts: those that are a text without a length in their tables. */
export const longTexts = ['description', 'body', 'content'] as const;

/**
 * Counts the long texts of rows that were just read, and waits until the server has memory for them: they are kept for
 * as long as the answer is made, whether it has them or not.
 */
export async function reserveTexts({ budget }: GraphQLContext, rows: Iterable<object>): Promise<void> {
  let characters = 0;
  for (const row of rows as Iterable<Partial<Record<(typeof longTexts)[number], unknown>>>) {
    for (const name of longTexts) {
      const text = row[name];
      if (typeof text === 'string' && text.length > LONG) characters += text.length;
    }
  }
  if (characters > 0) await budget.reserve(characters);
}
