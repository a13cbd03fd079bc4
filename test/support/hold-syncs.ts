import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { vi } from 'vitest';

/**
 * Holds every `datasync` of a file in this process until `releaseSyncs()`, which waits for one, or
 * until it is disposed of. `path` is that of any file. `vi.restoreAllMocks()` removes the spy.
 */
export async function holdSyncs(path: string) {
  const handle = await open(path, 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const held: (() => void)[] = [];
  let isHolding = true;
  const real = prototype.datasync;
  const spy = vi.spyOn(prototype, 'datasync').mockImplementation(async function (this: FileHandle) {
    if (isHolding) await new Promise<void>((go) => held.push(go));
    return real.call(this);
  });
  const releaseSyncs = async () => {
    while (held.length === 0) await turn();
    for (const go of held.splice(0)) go();
  };
  return {
    spy,
    releaseSyncs,
    [Symbol.dispose]() {
      isHolding = false;
      for (const go of held.splice(0)) go();
    },
  };
}
