import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestContext } from '../../context.ts';
import type { ReceiveOutcome } from '../../uploads/receive.ts';
import type { LegacyOptions } from '../api.ts';
import { parseId } from '../ids.ts';

/** An error with the code and message that Worksection has for it. */
export class WorksectionError extends Error {
  override readonly name = 'WorksectionError';
  readonly code: number;
  readonly details: string;
  constructor(code: number, message: string, details = '') {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** A request and its response. */
export interface HttpExchange {
  options: LegacyOptions;
  request: IncomingMessage;
  response: ServerResponse;
}

const invalid = {
  project: () => new WorksectionError(4, 'Project is invalid'),
  task: () => new WorksectionError(5, 'Task is invalid'),
  file: () => new WorksectionError(4, 'File not found'),
};

const MAX_TITLE_LENGTH = 500;
const MAX_TEXT_LENGTH = 100_000;

/** An authenticated call: its context, action, parameters and received files. */
export class Call implements AsyncDisposable {
  readonly action: string;
  readonly ctx: RequestContext;
  readonly exchange: HttpExchange;
  readonly outcomes: readonly ReceiveOutcome[];
  readonly #parameters: ReadonlyMap<string, string>;
  readonly #dispose: () => Promise<void>;

  constructor(
    exchange: HttpExchange,
    ctx: RequestContext,
    action: string,
    parameters: ReadonlyMap<string, string>,
    { outcomes, dispose }: { outcomes: readonly ReceiveOutcome[]; dispose: () => Promise<void> },
  ) {
    this.exchange = exchange;
    this.ctx = ctx;
    this.action = action;
    this.outcomes = outcomes;
    this.#parameters = parameters;
    this.#dispose = dispose;
  }

  /** A parameter without surrounding space; undefined if it is absent or empty. */
  text(name: string): string | undefined {
    const value = this.#parameters.get(name)?.trim();
    if (value && value.length > MAX_TEXT_LENGTH) throw new WorksectionError(11, 'Field is invalid', name);
    return value || undefined;
  }

  /** The same. Throws `WorksectionError` 10 if it is absent or empty. */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new WorksectionError(10, 'Field is required', name);
    return value;
  }

  /** The title of a task or a project: 1 to 500 characters. */
  title(name = 'title'): string {
    const value = this.required(name);
    if (value.length > MAX_TITLE_LENGTH) throw new WorksectionError(11, 'Field is invalid', name);
    return value;
  }

  /** An id. Throws the `WorksectionError` of what it should identify. */
  id(name: string, of: keyof typeof invalid): number {
    const id = parseId(this.required(name).replace(/^0+/, ''));
    if (id === undefined) throw invalid[of]();
    return id;
  }

  optionalId(name: string, of: keyof typeof invalid): number | undefined {
    return this.text(name) === undefined ? undefined : this.id(name, of);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dispose();
  }
}
