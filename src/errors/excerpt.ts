/** The most characters of a client's text that an error message repeats. */
const MAX_EXCERPT = 100;

/**
 * Shortens a text of a client for an error message, to at most 100 characters. Without this limit,
 * a query that repeats one long argument under many aliases would get a response many times its own
 * size.
 */
export function excerpt(text: string): string {
  return text.length <= MAX_EXCERPT ? text : `${text.slice(0, MAX_EXCERPT).toWellFormed()}…`;
}

/** The most characters of a message. A longer one can only repeat what a client sent. */
const MAX_MESSAGE = 1000;

/**
 * Shortens a message for a response or a log entry, to at most 1,000 characters. Every transport
 * applies it.
 */
export function boundedMessage(text: string): string {
  return text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE).toWellFormed()}…`;
}

/** The most characters of a file name in an error: those that a stored name can have. */
const MAX_FILENAME = 255;

/** Shortens the name of a file that was not stored, for the error that reports it. */
export const boundedFilename = (name: string): string =>
  name.length <= MAX_FILENAME ? name : `${name.slice(0, MAX_FILENAME - 1).toWellFormed()}…`;
