import type { LegacyName } from '../config.ts';
import type { Handler, LegacyApi, LegacyOptions } from './api.ts';
import { openCor } from './cor/index.ts';
import { openKanboard } from './kanboard/index.ts';
import { openOnlyoffice } from './onlyoffice/index.ts';
import { openWorksection } from './worksection/index.ts';

/** The older APIs, by their names in `LEGACY_APIS`. */
const factories: Readonly<Record<LegacyName, (options: LegacyOptions) => LegacyApi>> = {
  kanboard: openKanboard,
  onlyoffice: openOnlyoffice,
  worksection: openWorksection,
  cor: openCor,
};

/**
 * Opens the chosen APIs. Returns a function that finds the handler of a request, if there is one.
 */
export function openLegacyApis(
  chosen: readonly LegacyName[],
  options: LegacyOptions,
): (method: string, path: string) => { api: LegacyName; handle: Handler } | undefined {
  const apis = chosen.map((name) => ({ name, handlerOf: factories[name](options).handlerOf }));
  return (method, path) => {
    for (const { name, handlerOf } of apis) {
      const handle = handlerOf(method, path);
      if (handle) return { api: name, handle };
    }
    return undefined;
  };
}
