import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/**
 * The security headers of every response to a request that Node accepts. The
 * Content-Security-Policy is not among them: every response that a browser could run sets its own.
 * They are the same for all responses, and helmet would compute them for each.
 */
export function securityHeaders({ hsts }: { hsts: boolean }): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => {}, // `X-Powered-By`, which nothing sets here
  };
  helmet({ contentSecurityPolicy: false, hsts })(
    {} as IncomingMessage,
    response as unknown as ServerResponse,
    (error) => {
      if (error) throw error;
    },
  );
  return headers;
}
