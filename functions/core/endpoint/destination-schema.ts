import * as z from 'zod';
import { checkUrl, type GuardSettings } from '../call/address-guard.js';
import { headerFaults } from './endpoint-headers.js';

const TIMEOUT_MS = { min: 100, max: 300_000 };
export const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * What endpoints and inline targets have in common, without defaults. Whether a URL is good depends on the stage; a host
 * name's addresses are looked at when it is called.
 */
export function destinationFields(settings: GuardSettings) {
  return {
    url: z.string().superRefine((url, context) => {
      const fault = checkUrl(url, settings);
      if (fault) context.addIssue({ code: 'custom', message: fault.message });
    }),
    method: z.enum(['POST', 'GET', 'PUT', 'PATCH', 'DELETE']),
    headers: z.record(z.string(), z.string()).superRefine(addHeaderFaults),
    timeout_ms: z.int().min(TIMEOUT_MS.min).max(TIMEOUT_MS.max),
  };
}

/** The same with the defaults of all but the URL. */
export function newDestinationFields(settings: GuardSettings) {
  const { url, method, headers, timeout_ms } = destinationFields(settings);
  return {
    url,
    method: method.default('POST'),
    headers: headers.default({}),
    timeout_ms: timeout_ms.default(DEFAULT_TIMEOUT_MS),
  };
}

/** Where and how to call, given inline as a task's `target`. */
export function destinationSchema(settings: GuardSettings) {
  return z.strictObject(newDestinationFields(settings));
}

/** Headers in a merge patch, where null takes one away. */
export const headersPatch = z.record(z.string(), z.string().nullable()).superRefine((patch, context) => {
  const kept = Object.entries(patch).filter((entry): entry is [string, string] => entry[1] !== null);
  addHeaderFaults(Object.fromEntries(kept), context);
});

function addHeaderFaults(headers: Record<string, string>, context: z.RefinementCtx): void {
  for (const { name, message } of headerFaults(headers))
    context.addIssue({ code: 'custom', message, path: name === undefined ? [] : [name] });
}
