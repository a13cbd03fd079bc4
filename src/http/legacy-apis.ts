import type { Config } from '../config.ts';
import type { Log } from '../context.ts';
import type { LegacyOptions } from '../legacy/api.ts';
import { openLegacyApis } from '../legacy/index.ts';
import type { Authentication } from './authentication.ts';
import { readJsonText, readUnauthenticated } from './body/json-body.ts';
import { receiveBody } from './body/read-body.ts';
import type { Pace } from './body/transfer-clock.ts';
import { download } from './download/download.ts';
import type { FormOptions } from './multipart/form-options.ts';
import { readLegacyForm } from './multipart/legacy-form.ts';
import { respond } from './respond.ts';

interface LegacyApisOptions extends Pick<LegacyOptions, 'contextFor' | 'publicUrl'> {
  config: Config;
  authentication: Authentication;
  /** How forms are read, and bodies that are one file. */
  forms: FormOptions;
  /** How slowly a client may send JSON. */
  jsonPace: Pace;
  log: Log;
}

/** Opens the older APIs that the operator chose. Returns what finds the handler of a request. */
export function mountLegacyApis({
  config: { legacyApis, limits, corsOrigins },
  authentication,
  contextFor,
  publicUrl,
  forms,
  jsonPace,
  log,
}: LegacyApisOptions) {
  return openLegacyApis(legacyApis, {
    authenticate: authentication.authenticate,
    authenticateSignature: authentication.signerOf,
    countRequest: authentication.countRequest,
    contextFor,
    limits,
    publicUrl,
    corsOrigins,
    log,
    respond,
    readForm: (request, { userId }, isFile) => readLegacyForm(request, { ...forms, userId }, isFile),
    readJson: (request, { userId }, bounds) =>
      readJsonText(request, { ...bounds, pace: jsonPace, budget: forms.budget, userId }),
    readUnauthenticated,
    receiveBody: (request, claim) => receiveBody(request, claim, forms),
    download: (ctx, id, request, response, headers) => download(ctx, id, request, response, { headers }),
  });
}
