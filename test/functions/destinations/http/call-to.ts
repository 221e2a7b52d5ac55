import { createHttpCaller, type HttpCallerOptions } from '../../../../functions/destinations/http/caller.js';
import type { CallEndpoint, OutboundCall } from '../../../../functions/destinations/http/outcome.js';

/** A caller that may reach this machine, unless told otherwise. */
export function localCaller(options: Partial<HttpCallerOptions> = {}): CallEndpoint {
  return createHttpCaller({ allowHttp: true, allowLoopback: true, now: Date.now, ...options });
}

/** A POST of `{}` with two seconds of time, unless told otherwise. */
export function callTo(url: string, call: Partial<OutboundCall> = {}): OutboundCall {
  return { method: 'POST', url, headers: {}, body: Buffer.from('{}'), timeoutMs: 2000, ...call };
}
