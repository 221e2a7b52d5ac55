import { dialectAt } from '../dialects/registry.js';
import type { Route } from '../http/route.js';
import type { ComponentName } from './components.js';
import { dialectDocuments } from './dialects.js';
import { type Given, operations } from './operations.js';

/** One status that a row may answer with. */
export interface DocumentedAnswer {
  readonly description: string;
  /** Content of the body, by media type; empty for an answer without a body. */
  readonly content: { readonly [mediaType: string]: readonly (ComponentName | 'text')[] };
  readonly headers: readonly HeaderName[];
  /** Name of an answer that several rows share. */
  readonly name?: string;
}

export type HeaderName =
  | 'Location'
  | 'Link'
  | 'Allow'
  | 'WWW-Authenticate'
  | 'Retry-After'
  | 'RateLimit'
  | 'RateLimit-Policy'
  | 'Idempotent-Replayed';

const SUCCESSES: Readonly<Record<number, string>> = {
  200: 'Done.',
  201: 'Created.',
  202: 'Accepted; it goes on in the background.',
  204: 'Gone.',
  303: 'Goes on at the address of the header Location.',
  304: 'Not changed since the answer whose ETag was sent as If-None-Match.',
};

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'Malformed or invalid; names every fault at once.',
  401: 'No credential, more than one, or one that is not good.',
  403: 'The credential is good, but has not the permission; the message names it.',
  404: 'It is not there, or belongs to another project.',
  405: 'The path takes other methods: the id holds an encoded slash or question mark.',
  409: 'The status of the object or a quota of the project does not allow it, or the first request with this Idempotency-Key still runs.',
  413: 'The body is too large.',
  415: 'The body is not JSON in UTF-8.',
  422: 'This Idempotency-Key came with another request.',
  429: 'The project has used up a quota, the stage takes no more requests, or too many sign-ins of the address failed.',
  500: 'Something went wrong on our side; the message says no more.',
  508: 'Calls of this service led to the request, one after the other: a loop.',
  502: 'The provider at which persons sign in did not answer.',
  503: 'The answer took too long; what was asked for may have been done.',
};

/** Statuses that API Gateway answers by itself, before or after our function. */
const BY_GATEWAY: readonly number[] = [413, 429, 500, 503];

/** All answers of a row of the API, by status. */
export function answersOf(route: Route): Record<number, DocumentedAnswer> {
  const { gives, refuses = [] } = operations[`${route.method} ${route.path}`]!;
  const successes = Object.entries(gives).map(([status, given]) => [status, success(Number(status), given, route)]);
  const statuses = new Set([...refusalsOf(route), ...refuses].map((status) => errorsAt(route.path).status(status)));
  const refusals = [...statuses].sort().map((status) => [status, refusal(status, route.path)]);
  return Object.fromEntries([...successes, ...refusals]);
}

function success(status: number, given: Given, { method, path }: Route): DocumentedAnswer {
  const byType = typeof given === 'string' ? { 'application/json': given } : (given ?? {});
  const content = Object.fromEntries(Object.entries(byType).map(([type, name]) => [type, [name]]));
  const isPlaced = path.startsWith('/v1/') && [201, 202, 303].includes(status);
  const goesOn = Object.values(byType).some((name) => name !== 'FeedLines' && /(Csv|Lines)$/.test(name));
  const headers: HeaderName[] = [];
  if (isPlaced) headers.push('Location');
  if (goesOn) headers.push('Link');
  if (method !== 'GET') headers.push('Idempotent-Replayed');
  return { description: SUCCESSES[status] ?? REFUSALS[status]!, content, headers };
}

function refusal(status: number, path: string): DocumentedAnswer {
  const { mediaType, error } = errorsAt(path);
  const ours = status === 503 ? {} : { [mediaType]: [error] };
  const gateways = BY_GATEWAY.includes(status) ? ['GatewayMessage' as const] : [];
  const json = [...(ours['application/json'] ?? []), ...gateways];
  const headers: HeaderName[] = [];
  if (status === 405) headers.push('Allow');
  if (status === 401) headers.push('WWW-Authenticate');
  if (status === 409 || status === 429) headers.push('Retry-After');
  if (status === 429) headers.push('RateLimit', 'RateLimit-Policy');
  const content = { ...ours, ...(json.length > 0 && { 'application/json': json }) };
  return { description: REFUSALS[status]!, content, headers, name: `${error}${status}` };
}

/** Refusals that follow from the row's access, method and path. */
function refusalsOf({ access, method, path }: Route): number[] {
  const isWrite = method !== 'GET';
  const isPublic = access === 'public';
  return [
    400,
    ...(isPublic ? [] : [401, 403]),
    ...(path.includes('{') ? [405] : []),
    ...(path.includes('{') || access === 'project' || access === 'key' ? [404] : []),
    ...(isWrite ? [413, 415] : []),
    ...(isWrite && !isPublic ? [409, 422, 508] : []),
    ...[429, 500, 503],
  ];
}

interface Errors {
  readonly mediaType: string;
  readonly error: ComponentName;
  status(status: number): number;
}

/** Form of errors at and below a path. */
export function errorsAt(path: string): Errors {
  const dialect = dialectAt(path);
  if (dialect === undefined)
    return { mediaType: 'application/problem+json', error: 'Problem', status: (status) => status };
  const { error, statuses = {} } = dialectDocuments[dialect.name]!;
  return {
    mediaType: 'application/json',
    error: error as ComponentName,
    status: (status) => statuses[status] ?? status,
  };
}
