import { en, type Messages } from './en.ts';

/** The texts of the page. Another language is chosen here. */
export const messages: Messages = en;

/** Replaces each `{name}` of a text by the value of that name. */
export function format(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}
