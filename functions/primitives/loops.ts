import { hexOf } from './ids.js';

/**
 * The task runs that led to a request, the first one first, as the digits of their ids: a run's call asked for the next
 * run. The chain travels in `tracestate` (W3C Trace Context), which services with tracing pass on. So a loop ends also
 * where it goes through another service. (CDN-Loop, RFC 8586, ends loops of CDNs in the same way.)
 */
export type Via = readonly string[];

/** Calls in a chain. The call after these is refused. */
export const MOST_CALLS = 5;

/** Our entry in a `tracestate` header. */
const ENTRY = /(?:^|,)[\t ]*punctual=([0-9a-f]{32}(?::[0-9a-f]{32})*)[\t ]*(?:,|$)/;

/** Undefined for a request that no call of ours led to. */
export function viaOf(tracestate: string | undefined): Via | undefined {
  return ENTRY.exec(tracestate ?? '')?.[1]?.split(':');
}

/** The `tracestate` of a run's calls. */
export function traceState(via: Via | undefined, run: string): string {
  return `punctual=${nextVia(via, run).join(':')}`;
}

/** The chain of what a run's call, or a notification about the run, leads to. */
export function nextVia(via: Via = [], run: string): Via {
  return [...via, hexOf(run)];
}
