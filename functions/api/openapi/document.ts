import { version } from '../../../package.json';
import type { Route } from '../route.js';
import { routes } from '../routes.js';
import { answersOf, type DocumentedAnswer, type HeaderName } from './answers.js';
import { ANY_STAGE, components } from './components.js';
import { securityOf, securitySchemes } from './credentials.js';
import { examples } from './examples.js';
import { type JsonSchema, jsonSchemas, type Named } from './json-schemas.js';
import { operations } from './operations.js';
import { parameters, parametersOf, querySchema } from './parameters.js';

/**
 * The API as an OpenAPI 3.1 document, from the schemas that validate what comes in and that the presenters are held to.
 * Made when the functions are bundled: at run time it is only text.
 */
export function openApiDocument() {
  const schemas = jsonSchemas({ ...namedSchemas(), ...querySchemas() });
  const rows = routes.map((route) => [route.path, route.method.toLowerCase(), operationOf(route, schemas)] as const);
  const paths: Record<string, JsonSchema> = {};
  for (const [path, method, operation] of rows) paths[path] = { ...paths[path], [method]: operation };
  const isQuery = ([name]: [string, unknown]) => name.includes(' ');
  return {
    openapi: '3.1.0',
    info: { title: 'Punctual', version, description: ABOUT, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).filter((entry) => !isQuery(entry))),
      responses: sharedResponses(),
      parameters,
      headers,
      securitySchemes,
    },
  };
}

const ABOUT =
  'Cron jobs, one-shot calls and event webhooks: on the exact second, signed, retried, dead-lettered, replayable. Times go ' +
  'out as ISO 8601 in UTC with milliseconds, and come in with any offset or as Unix seconds. Lists are newest first. ' +
  'Unknown fields are refused. A PATCH is a merge patch of the fields: null takes one away or gives it its default back, and any ' +
  'other value, be it a payload, headers or a list, replaces the one before whole. Every answer carries X-Request-Id. ' +
  'Below /api two other dialects speak over the same core.';

/** Every schema with a name, the bodies that the routes check among them. */
function namedSchemas(): Record<string, Named> {
  const bodies = routes.flatMap((route) => {
    const name = operations[rowOf(route)]!.takes;
    return name === undefined || name in components ? [] : [[name, bodyOf(route)] as const];
  });
  const all = Object.entries({ ...components, ...Object.fromEntries(bodies) });
  return Object.fromEntries(all.map(([name, schema]) => [name, { schema, example: examples[name] }]));
}

/** Named like their rows: the space tells them from the others. */
function querySchemas(): Record<string, Named> {
  const withQuery = routes.flatMap((route) => {
    const schema = querySchema(route);
    return schema ? [[rowOf(route), { schema: schema.clone() }] as const] : [];
  });
  return Object.fromEntries(withQuery);
}

export const rowOf = ({ method, path }: Route): string => `${method} ${path}`;

function bodyOf({ body }: Route) {
  return typeof body === 'function' ? body(ANY_STAGE as Parameters<typeof body>[0]) : body!;
}

function operationOf(route: Route, schemas: Record<string, JsonSchema>): JsonSchema {
  const { id, takes } = operations[rowOf(route)]!;
  const found = parametersOf(route, schemas[rowOf(route)]);
  const content = takes && { 'application/json': { schema: refTo(takes) } };
  return {
    operationId: id,
    tags: [tagOf(route)],
    summary: route.summary,
    security: securityOf(route),
    ...(found.length > 0 && { parameters: found }),
    // No body is an empty one: good wherever every field may be left out.
    ...(content && { requestBody: { required: schemas[takes]!['required'] !== undefined, content } }),
    responses: Object.fromEntries(
      Object.entries(answersOf(route)).map(([status, answer]) => [
        status,
        answer.name === undefined ? shown(answer) : { $ref: `#/components/responses/${answer.name}` },
      ]),
    ),
  };
}

/** What rows answer alike. */
function sharedResponses(): Record<string, JsonSchema> {
  const answers = routes.flatMap((route) => Object.values(answersOf(route)));
  return Object.fromEntries(
    answers.flatMap((answer) => (answer.name === undefined ? [] : [[answer.name, shown(answer)]])),
  );
}

function shown({ description, content, headers: named }: DocumentedAnswer): JsonSchema {
  const bodies = Object.entries(content).map(([type, names]) => [type, { schema: schemaOf(type, names) }]);
  const refs = named.map((name) => [name, { $ref: `#/components/headers/${name}` }]);
  return {
    description,
    headers: Object.fromEntries([['X-Request-Id', { $ref: '#/components/headers/X-Request-Id' }], ...refs]),
    ...(bodies.length > 0 && { content: Object.fromEntries(bodies) }),
  };
}

function schemaOf(type: string, names: readonly string[]): JsonSchema {
  const [first] = names;
  if (first === 'text') return type === 'application/json' ? { type: 'object' } : { type: 'string' };
  // One of them per line.
  if (type === 'application/x-ndjson') return { type: 'string', contentMediaType: type, contentSchema: refTo(first!) };
  return names.length > 1 ? { anyOf: names.map(refTo) } : refTo(first!);
}

const refTo = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** The collection that the path begins with, or the dialect. */
function tagOf({ path }: Route): string {
  if (path.startsWith('/api/cron-service/')) return 'cron-service dialect';
  if (path.startsWith('/api/v1/')) return 'dispatch dialect';
  const [, version, collection] = path.split('/');
  const isOurs = version === 'v1' && collection !== 'healthz';
  return isOurs ? collection!.replaceAll('-', ' ') : 'about';
}

const header = (description: string, more: object = {}) => ({ description, schema: { type: 'string' }, ...more });

const headers: Record<HeaderName | 'X-Request-Id', object> = {
  'X-Request-Id': header('Names this request in our logs.', { required: true }),
  Location: header('Where it can be seen, or followed.', { required: true }),
  Link: header('The next page, as rel="next".'),
  Allow: header('The methods that the path takes.', { required: true }),
  'WWW-Authenticate': header('Which credentials are taken.', { required: true }),
  'Retry-After': header('Seconds, while the first request with the same Idempotency-Key still runs.'),
  'Idempotent-Replayed': header('true, where this is the first answer to the same Idempotency-Key.'),
};
