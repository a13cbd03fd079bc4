import type { StatementResult } from './sqlite-connection.ts';

/** Must not throw. */
export type CommittedCallback = (durable: Promise<void>) => void;

/** A transaction of the writing connection of SQLite. It ends with `commit` or `rollback`, once. */
export interface WriteTransaction {
  /** Throws the errors of SQLite, translated. */
  execute(sql: string, values: readonly unknown[]): StatementResult;
  /** Begins a transaction within this one, which ends before it does. */
  savepoint(): WriteTransaction;
  /** Resolves when it is safe from a power cut. */
  commit(): Promise<void>;
  /**
   * Calls back once it is committed, and so visible to others, before it is safe from a power cut:
   * `durable` fulfils when it is. Not for a transaction within another one, nor for one that is
   * rolled back.
   */
  onCommitted?(callback: CommittedCallback): void;
  /**
   * Does nothing when SQLite has rolled it back already. When it cannot be rolled back alone, all
   * transactions of its group are, and fail.
   */
  rollback(): void;
}

/** Statements of a transaction, while it is open. */
export interface OpenStatements {
  execute: WriteTransaction['execute'];
  isOpen(): boolean;
}

/** Begins a transaction within another one, at a depth of at least 1. */
export function beginNested({ execute, isOpen }: OpenStatements, depth: number): WriteTransaction {
  const name = `nested_${depth}`;
  execute(`savepoint ${name}`, []);
  return {
    execute,
    savepoint: () => beginNested({ execute, isOpen }, depth + 1),
    async commit() {
      execute(`release ${name}`, []);
    },
    rollback() {
      if (!isOpen()) return;
      execute(`rollback to ${name}`, []);
      execute(`release ${name}`, []);
    },
  };
}
