import { ClientError, messageOf } from '../errors.ts';
import { explainFileError } from '../file-error.ts';
import type { Output } from '../output.ts';
import type { Action } from './plan.ts';

const statuses: Partial<Record<Action['kind'], [done: string, planned: string]>> = {
  upload: ['uploaded', 'would upload'],
  download: ['downloaded', 'would download'],
  conflict: ['conflict', 'would keep both'],
  deleteLocal: ['deleted here', 'would delete here'],
  detachRemote: ['detached there', 'would detach there'],
  keepLocal: ['deleted there, kept here', 'deleted there, would keep here'],
  blocked: ['left out, its name here is of a link or folder', 'would leave out, its name here is of a link or folder'],
  keepRemote: ['deleted here, kept there', 'deleted here, would keep there'],
};

/** Prints what a run does. Of several runs, what is as it was is printed by the first. */
export interface Reporter {
  /** Prints an action, and returns whether it changes anything. */
  action(action: Action, isDryRun: boolean): boolean;
  failure(name: string, error: unknown): void;
  /** Prints how much a run has changed. */
  end(counts: { done: number; failed: number }): void;
}

export function createReporter(output: Output): Reporter {
  let before = new Set<string>();
  let now = new Set<string>();
  let isFirst = true;
  const isNew = (line: string) => {
    now.add(line);
    return !before.has(line);
  };
  return {
    action(action, isDryRun) {
      const [done, planned] = statuses[action.kind] ?? [];
      if (!done || !planned) return false;
      const id = 'remote' in action ? action.remote.id : undefined;
      const isChange = !['keepLocal', 'keepRemote', 'blocked'].includes(action.kind);
      if (isChange || isNew(`${action.kind} ${action.name}`))
        output.result({ action: action.kind, name: action.name, id, isDryRun }, [
          isDryRun ? planned : done,
          action.name,
        ]);
      return isChange;
    },
    failure(name, thrown) {
      const error = explainFileError(thrown);
      if (!isNew(`failed ${name} ${messageOf(error)}`)) return;
      const code = error instanceof ClientError ? error.code : (error as NodeJS.ErrnoException).code;
      if (output.isJson) output.result({ status: 'failed', name, error: { message: messageOf(error), code } }, []);
      output.note(`failed: ${name}: ${messageOf(error)}`);
    },
    end({ done, failed }) {
      if (isFirst || done > 0) output.note(`${done === 0 ? 'Nothing' : done} changed, ${failed} failed.`);
      isFirst = false;
      before = now;
      now = new Set();
    },
  };
}
