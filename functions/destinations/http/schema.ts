import * as z from 'zod/mini';
import { checkUrl, type GuardSettings, writtenFault } from './address-guard.js';
import { headerFaults } from './headers.js';

const TIMEOUT_MS = { min: 100, max: 300_000 };
export const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * The fields of endpoints and inline targets, without defaults. Whether a URL is allowed depends on the stage;
 * addresses of a host name are checked at each call. Only this schema asks that a URL is written as it is called
 * (`writtenFault`): URLs that an earlier release accepted are still called.
 */
export function destinationFields(settings: GuardSettings) {
  return {
    url: z.string().check(
      z.superRefine((url, context) => {
        const fault = checkUrl(url, settings);
        const message = fault === undefined ? writtenFault(url) : fault.message;
        if (message !== undefined) context.addIssue({ code: 'custom', message });
      }),
    ),
    method: z.enum(['POST', 'GET', 'PUT', 'PATCH', 'DELETE']),
    headers: z.record(z.string(), z.string()).check(z.superRefine(addHeaderFaults)),
    timeout_ms: z.int().check(z.gte(TIMEOUT_MS.min), z.lte(TIMEOUT_MS.max)),
  };
}

/** The fields of `destinationFields`, with defaults for all but the URL. */
export function newDestinationFields(settings: GuardSettings) {
  const { url, method, headers, timeout_ms } = destinationFields(settings);
  return {
    url,
    method: z._default(method, 'POST'),
    headers: z._default(headers, {}),
    timeout_ms: z._default(timeout_ms, DEFAULT_TIMEOUT_MS),
  };
}

/** A task's inline `target`. */
export function destinationSchema(settings: GuardSettings) {
  return z.strictObject(newDestinationFields(settings));
}

function addHeaderFaults(headers: Record<string, string>, context: z.core.$RefinementCtx): void {
  for (const { name, message } of headerFaults(headers))
    context.addIssue({ code: 'custom', message, path: name === undefined ? [] : [name] });
}
