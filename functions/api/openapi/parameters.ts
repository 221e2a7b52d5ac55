import type * as z from 'zod/mini';
import { UUID_V7_HEX } from '../../primitives/ids.js';
import type { Route } from '../http/route.js';
import type { JsonSchema } from './json-schema.js';

const SIGNED = { SignedKeyId: [], SignedTimestamp: [], Signature: [] };

/** The alternative credentials of a row. */
export function securityOf({ access }: Route): object[] {
  const byKey = [{ ApiKey: [] }, SIGNED];
  if (access === 'public') return [];
  if (access === 'person') return [{ Session: [] }];
  return access === 'key' ? byKey : [...byKey, { Session: [] }];
}

const header = (name: string, description: string) => ({ type: 'apiKey', in: 'header', name, description });

export const securitySchemes = {
  ApiKey: header('X-API-Key', "A project's key: sk_ and 64 hex digits."),
  SignedKeyId: header('X-Key-ID', "A signed request: the key's id, instead of the key itself."),
  SignedTimestamp: header('X-Timestamp', 'A signed request: the time in Unix seconds, at most 300 s off ours.'),
  Signature: header(
    'X-Signature',
    "A signed request: lower-case hex HMAC-SHA256, keyed with the key's signing_secret, over the timestamp, the method, " +
      'the path with its query and the lower-case hex SHA-256 of the body, one per line; an X-Nonce is a fifth line. ' +
      'A write takes a signature once.',
  ),
  Session: { type: 'http', scheme: 'bearer', description: "A person's session from POST /v1/sessions." },
};

/** The schema of a row's query; undefined for a row without query. */
export function querySchema({ query }: Route): z.ZodMiniObject | undefined {
  return query as z.ZodMiniObject | undefined;
}

/** All parameters of a row besides its body; `query` is the JSON Schema of its query. */
export function parametersOf({ method, path, access }: Route, query: JsonSchema | undefined): JsonSchema[] {
  const { properties = {}, required = [] }: JsonSchema = query ?? {};
  const own = Object.keys(properties);
  // A dialect's own name for the project replaces `project_id`: most generators would give both names one identifier.
  const namesProject = own.some((name) => alike(name) === alike('project_id'));
  const isWithinProject = (access === 'project' || access === 'key') && !namesProject;
  const isWrite = method !== 'GET' && access !== 'public';
  return [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => inPath(name!)),
    ...Object.entries<JsonSchema>(properties).map(([name, schema]) => inQuery(name, schema, required.includes(name))),
    ...(isWithinProject ? [{ $ref: '#/components/parameters/project_id' }] : []),
    ...(isWrite ? [{ $ref: '#/components/parameters/Idempotency-Key' }] : []),
  ];
}

/** A name without the differences that generators drop. */
const alike = (name: string): string => name.replaceAll('_', '').toLowerCase();

const inPath = (name: string): JsonSchema => ({
  name,
  in: 'path',
  required: true,
  schema:
    name === 'name'
      ? { type: 'string', minLength: 1, maxLength: 200 }
      : { type: 'string', pattern: '^[0-9A-Za-z_-]+$' },
});

function inQuery(name: string, { description, ...schema }: JsonSchema, isRequired: boolean): JsonSchema {
  return { name, in: 'query', ...(isRequired && { required: true }), ...(description && { description }), schema };
}

/** Parameters that many rows share. */
export const parameters = {
  project_id: {
    name: 'project_id',
    in: 'query',
    description: 'For persons: the project that the request is about; required to create something in it.',
    schema: { type: 'string', pattern: `^proj_${UUID_V7_HEX}$` },
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'A repeat under the same key within 24 hours does nothing, and gets the first answer.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
  },
};
