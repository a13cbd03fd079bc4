/** What a command of the client exits with. `docs/command-line.md` lists them. */
export const exitCodes = { failed: 1, usage: 2, signIn: 3, interrupted: 130, terminated: 143 } as const;

/**
 * A failure that the user can understand and usually fix: it is printed as one line, without a
 * stack.
 */
export class ClientError extends Error {
  readonly exitCode: number = exitCodes.failed;
  /** The code of the server, as in `NOT_FOUND`; undefined for failures on this side. */
  readonly code: string | undefined;

  constructor(message: string, { code, cause }: { code?: string | undefined; cause?: unknown } = {}) {
    super(message, { cause });
    this.code = code;
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

/** A failure that may pass: a broken connection, a server that restarts or is busy. */
export class TransientError extends ClientError {
  /** How long the server asks to wait, in milliseconds; 0 when it does not say. */
  readonly retryAfterMs: number;

  constructor(message: string, options: { code?: string; cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}

/** The user or the system asked the process to stop. */
export class InterruptedError extends ClientError {
  override readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super('Interrupted.');
    this.exitCode = signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
  }
}

/** Describes any error in one line, for errors of single files. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
