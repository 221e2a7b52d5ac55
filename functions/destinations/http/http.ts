import * as z from 'zod/mini';
import {
  type AnyDestination,
  type CallRules,
  callTimeout,
  DEFAULT_TIMEOUT_MS,
  type Judged,
  type Kind,
  type KindDocument,
  type KindFields,
} from '../kind.js';
import { HEADERS_TOO_LARGE, MALFORMED } from '../outcome.js';
import { checkUrl, writtenFault } from './address-guard.js';
import { headerFaults } from './headers.js';

export type HttpMethod = 'POST' | 'GET' | 'PUT' | 'PATCH' | 'DELETE';

/** A URL, and how to call it. It was the first kind: its rows and requests have no `type`. */
export interface HttpDestination extends AnyDestination {
  readonly type?: never;
  readonly url: string;
  readonly method: HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
}

const METHODS = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'] as const satisfies HttpMethod[];

/**
 * Whether a URL is good depends on the stage; a host name's addresses are looked at when it is called. That a URL is written
 * as it is called is asked here alone: what an earlier release took is called on.
 */
export function httpSchemas(rules: CallRules) {
  return {
    url: z.string().check(
      z.superRefine((url, context) => {
        const fault = checkUrl(url, rules);
        const message = fault === undefined ? writtenFault(url) : fault.message;
        if (message !== undefined) context.addIssue({ code: 'custom', message });
      }),
    ),
    method: z.enum(METHODS),
    headers: z.record(z.string(), z.string()).check(z.superRefine(addHeaderFaults)),
    timeout_ms: callTimeout(),
  };
}

function addHeaderFaults(headers: Record<string, string>, context: z.core.$RefinementCtx): void {
  for (const { name, message } of headerFaults(headers))
    context.addIssue({ code: 'custom', message, path: name === undefined ? [] : [name] });
}

export const http: Kind<HttpDestination> = {
  // A query may hold a secret.
  nameOf: ({ url }) => url.replace(/[?#].*$/s, ''),
  ownHeaders: ({ headers }) => headers,
  withSecrets: ({ headers }, change) => ({
    headers: changedValues(headers, (value, name) => change(value, `/headers/${name.replaceAll('~', '~0')}`)),
  }),
  goneReason: ({ status, http_status }) =>
    status === 'failed' && http_status === 410 ? 'It answered 410 Gone.' : undefined,
  // A loop that a repeat would run through again (RFC 5842).
  isFinal: (outcome) => isUnreadableSuccess(outcome) || outcome.http_status === 508,
};

/** The receiver has said 2xx, in a form that cannot be read: it has done the work, and would answer so again. */
function isUnreadableSuccess({ http_status, error }: Judged): boolean {
  if (http_status === null || http_status < 200 || http_status > 299) return false;
  return error?.code === MALFORMED || error?.code === HEADERS_TOO_LARGE;
}

export const httpFields: KindFields = {
  schemas: httpSchemas,
  defaults: { url: undefined, method: 'POST', headers: {}, timeout_ms: DEFAULT_TIMEOUT_MS },
  merged: { headers: keepHidden },
  audited: { url: withoutQuery, headers: withoutValues },
};

type Headers = HttpDestination['headers'];

function changedValues(headers: Headers, change: (value: string, name: string) => string): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, change(value, name)]));
}

/** A value that comes back as it was shown stays what it was: a client may send back what it has read. */
function keepHidden(had: Headers | undefined, given: Headers | null): Headers | null {
  const stored = new Map(Object.entries(had ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const kept = (value: string, name: string) =>
    (value === HIDDEN ? stored.get(name.toLowerCase()) : undefined) ?? value;
  return given && changedValues(given, kept);
}

export const HIDDEN = '***';

/** A query may hold a token, and the part before the host a password. */
export function withoutQuery(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/?#]*@/, `$1${HIDDEN}@`).replace(/\?.*$/, `?${HIDDEN}`);
}

/** The values of headers may be credentials. */
export function withoutValues(headers: Headers): Headers {
  return changedValues(headers, () => HIDDEN);
}

export const httpDocument: KindDocument = {
  shown: () => ({
    url: z.string(),
    method: z.enum(METHODS),
    headers: z.record(z.string(), z.string()),
    timeout_ms: z.int(),
  }),
  components: () => ({ HttpMethod: z.enum(METHODS) }),
  notes: {
    headers:
      'Sent along with every call. What identifies a delivery or frames the request is reserved, also where underscores stand ' +
      'for hyphens. Values are stored encrypted, and shown as ***. A PATCH replaces them whole, but *** keeps the value of that header.',
    url: 'https, or http where the stage allows it, as it is to be called; private addresses are refused.',
  },
  formats: { url: { format: 'uri' } },
};
