import type { LegacyName } from '../config.ts';
import type { Handler, LegacyApi, LegacyOptions } from './api.ts';
import { openCor } from './cor/index.ts';
import { openKanboard } from './kanboard/index.ts';
import { openOnlyoffice } from './onlyoffice/index.ts';
import { openWorksection } from './worksection/index.ts';

/** The older systems whose calls are answered, by the names that `LEGACY_APIS` chooses from. */
const factories: Readonly<Record<LegacyName, (options: LegacyOptions) => LegacyApi>> = {
  kanboard: openKanboard,
  onlyoffice: openOnlyoffice,
  worksection: openWorksection,
  cor: openCor,
};

/** Opens the chosen ones. What it answers finds who handles a request, if any of them does. */
export function openLegacyApis(
  chosen: readonly LegacyName[],
  options: LegacyOptions,
): (method: string, path: string) => Handler | undefined {
  const apis = chosen.map((name) => factories[name](options));
  return (method, path) => {
    for (const api of apis) {
      const handler = api.handlerOf(method, path);
      if (handler) return handler;
    }
    return undefined;
  };
}
