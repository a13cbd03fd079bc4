/** What a command of the client exits with. `docs/command-line.md` lists them. */
export const exitCodes = { failed: 1, usage: 2, signIn: 3, interrupted: 130, terminated: 143 } as const;

interface ClientErrorOptions {
  code?: string | undefined;
  cause?: unknown;
  retryAfterMs?: number;
}

/**
 * A failure that the user can understand and usually fix: it is printed as one line, without a
 * stack.
 */
export class ClientError extends Error {
  readonly exitCode: number = exitCodes.failed;
  /**
   * As in `NOT_FOUND`; undefined for failures on this side. `temporaryFailure` of
   * `attache-client/errors` says after which a retry may succeed.
   */
  readonly code: string | undefined;
  /** How long to wait before another attempt, in milliseconds; 0 when the server set no time. */
  readonly retryAfterMs: number;

  constructor(message: string, { code, cause, retryAfterMs = 0 }: ClientErrorOptions = {}) {
    super(message, { cause });
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Arguments that do not make sense. */
export class UsageError extends ClientError {
  override readonly exitCode = exitCodes.usage;
}

/** There is no API key, or the server does not accept it. */
export class SignInError extends ClientError {
  override readonly exitCode = exitCodes.signIn;
}

/** There was no response, or not all of it. */
export class UnreachableError extends ClientError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { ...options, code: 'UNREACHABLE' });
  }
}

/** SIGINT or SIGTERM stopped the command. */
export class InterruptedError extends ClientError {
  override readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super('Interrupted.');
    this.exitCode = signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
  }
}

/** Describes any error in one line, for errors of single files. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
