import { createHttpCaller, type HttpCallerOptions } from '../../../../functions/destinations/http/caller.js';
import type { OutboundRequest } from '../../../../functions/destinations/kind.js';
import type { CallOutcome } from '../../../../functions/destinations/outcome.js';

interface Call extends OutboundRequest {
  readonly url: string;
  readonly method: string;
}

/** A caller that may reach this machine, unless told otherwise. */
export function localCaller(options: Partial<HttpCallerOptions> = {}): (call: Call) => Promise<CallOutcome> {
  const call = createHttpCaller({ allowHttp: true, allowLoopback: true, now: Date.now, ...options });
  return ({ url, method, ...request }) =>
    call({ url, method: method as 'POST', headers: {}, timeout_ms: request.timeoutMs }, request);
}

/** A POST of `{}` with two seconds of time, unless told otherwise. */
export function callTo(url: string, call: Partial<Call> = {}): Call {
  return { method: 'POST', url, headers: {}, body: Buffer.from('{}'), timeoutMs: 2000, ...call };
}
