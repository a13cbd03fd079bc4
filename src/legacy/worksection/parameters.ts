import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '../../context.ts';
import type { ReceiveOutcome } from '../../uploads/receive.ts';
import type { LegacyOptions } from '../api.ts';

/** What is told of a call that is refused, by the numbers of the system. */
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

/** One request as it came, and the way to answer it. */
export interface Exchange {
  options: LegacyOptions;
  request: IncomingMessage;
  response: ServerResponse;
}

const invalid = {
  project: () => new WorksectionError(4, 'Project is invalid'),
  task: () => new WorksectionError(5, 'Task is invalid'),
  file: () => new WorksectionError(4, 'File not found'),
};

/** The largest number that ids have. */
const LAST_ID = 2 ** 31 - 1;
const LONGEST_TITLE = 500;
const LONGEST_TEXT = 100_000;

/** One call: who calls, for what, with which parameters and files. */
export class Call implements AsyncDisposable {
  readonly action: string;
  readonly ctx: Context;
  readonly exchange: Exchange;
  readonly outcomes: readonly ReceiveOutcome[];
  readonly #parameters: ReadonlyMap<string, string>;
  readonly #dispose: () => Promise<void>;

  constructor(
    exchange: Exchange,
    ctx: Context,
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

  /** A parameter that was given and is not empty. */
  text(name: string): string | undefined {
    const value = this.#parameters.get(name)?.trim();
    if (value && value.length > LONGEST_TEXT) throw new WorksectionError(11, 'Field is invalid', name);
    return value || undefined;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new WorksectionError(10, 'Field is required', name);
    return value;
  }

  /** Of a task or a project: 1 to 500 characters. */
  title(name = 'title'): string {
    const value = this.required(name);
    if (value.length > LONGEST_TITLE) throw new WorksectionError(11, 'Field is invalid', name);
    return value;
  }

  id(name: string, of: keyof typeof invalid): number {
    const digits = this.required(name);
    const id = /^\d+$/.test(digits) ? Number(digits) : 0;
    if (id < 1 || id > LAST_ID) throw invalid[of]();
    return id;
  }

  optionalId(name: string, of: keyof typeof invalid): number | undefined {
    return this.text(name) === undefined ? undefined : this.id(name, of);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dispose();
  }
}
