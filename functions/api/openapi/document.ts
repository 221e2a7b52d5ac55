import { version } from '../../../package.json';
import { RETRY_STRATEGIES } from '../../subjects/retry-policies/retry-policy.js';
import { dialectAt } from '../dialects/registry.js';
import type { Arrival } from '../http/dialect.js';
import type { Route } from '../http/route.js';
import { routes } from '../routes/routes.js';
import { answersOf, type DocumentedAnswer, type HeaderName } from './answers.js';
import { arrivals, headersOf } from './arrivals.js';
import { ANY_STAGE, components, writtenSchemas } from './components.js';
import { dialectDocuments } from './dialects.js';
import examples from './examples.json';
import type { JsonSchema } from './json-schema.js';
import { jsonSchemas, type Named } from './json-schemas.js';
import { operations } from './operations.js';
import { parameters, parametersOf, querySchema, securityOf, securitySchemes } from './parameters.js';

/**
 * The API as an OpenAPI 3.1 document, from the schemas that validate requests and that tests hold answers against.
 * The document is made when the functions are bundled; at run time it is text.
 */
export function openApiDocument() {
  const schemas = jsonSchemas({ ...namedSchemas(), ...querySchemas(), ...arrivalSchemas() });
  const rows = routes.map((route) => [route.path, route.method.toLowerCase(), operationOf(route, schemas)] as const);
  const paths: Record<string, JsonSchema> = {};
  for (const [path, method, operation] of rows) paths[path] = { ...paths[path], [method]: operation };
  return {
    openapi: '3.1.0',
    info: { title: 'Punctual', version, description: ABOUT, license: { name: 'MIT', identifier: 'MIT' } },
    servers: SERVERS,
    tags: [...new Set(routes.map(tagOf)), ARRIVING].map((name) => ({ name, description: tags[name]! })),
    paths,
    webhooks: Object.fromEntries(
      Object.entries(arrivals).map(([name, arrival]) => [
        name,
        { post: webhookOf(name, arrival, schemas[bodyNameOf(name)]) },
      ]),
    ),
    components: {
      schemas: shownSchemas(schemas),
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
  'An answer to a request with a key also carries RateLimit-Policy and, where the count is known, RateLimit. ' +
  'Below /api two other dialects speak over the same core.';

const SERVERS = [
  { url: '/', description: 'Where this document comes from.' },
  { url: 'http://127.0.0.1:8787', description: 'The local stack, as npm start runs it.' },
];

/** Every named schema, with the bodies that routes check. */
function namedSchemas(): Named {
  const bodies = routes.flatMap((route) => {
    const name = operations[rowOf(route)]!.takes;
    return name === undefined || name in components ? [] : [[name, bodyOf(route)] as const];
  });
  return { ...components, ...Object.fromEntries(bodies) };
}

/** Schemas of queries, named like their rows: the space in such a name sets them apart from other schemas. */
function querySchemas(): Named {
  const withQuery = routes.flatMap((route) => {
    const schema = querySchema(route);
    return schema ? [[rowOf(route), schema.clone()] as const] : [];
  });
  return Object.fromEntries(withQuery);
}

const bodyNameOf = (arrival: string): string => `body of ${arrival}`;

function arrivalSchemas(): Named {
  const found = Object.entries(arrivals).map(([name, { body }]) => (body ? [[bodyNameOf(name), body] as const] : []));
  return Object.fromEntries(found.flat());
}

function shownSchemas(schemas: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  const shown = Object.entries({ ...schemas, ...writtenSchemas }).filter(([name]) => !name.includes(' '));
  const taken: Readonly<Record<string, unknown>> = examples.schemas;
  return Object.fromEntries(
    shown.map(([name, schema]) => [name, { ...schema, ...(name in taken && { examples: [taken[name]] }) }]),
  );
}

export const rowOf = ({ method, path }: Route): string => `${method} ${path}`;

function bodyOf({ body }: Route) {
  return typeof body === 'function' ? body(ANY_STAGE as Parameters<typeof body>[0]) : body!;
}

function operationOf(route: Route, schemas: Record<string, JsonSchema>): JsonSchema {
  const { id, takes } = operations[rowOf(route)]!;
  const { summary, description } = route;
  const found = parametersOf(route, schemas[rowOf(route)]);
  const content = takes && { 'application/json': { schema: refTo(takes) } };
  return {
    operationId: id,
    tags: [tagOf(route)],
    summary,
    ...(description && { description }),
    security: securityOf(route),
    ...(route.needs !== 'nothing' && { 'x-permission': route.needs }),
    ...(found.length > 0 && { parameters: found }),
    ...(content && { requestBody: { required: !takesNothing(route), content } }),
    responses: Object.fromEntries(
      Object.entries(answersOf(route)).map(([status, answer]) => [
        status,
        answer.name === undefined ? shown(answer) : { $ref: `#/components/responses/${answer.name}` },
      ]),
    ),
  };
}

/** No body counts as `{}`, which is valid where every field is optional. */
function takesNothing(route: Route): boolean {
  return bodyOf(route).safeParse({}).success;
}

function webhookOf(name: string, arrival: Arrival<string>, body: JsonSchema = {}): JsonSchema {
  const { id, summary, description } = arrival;
  const example = (examples.arrivals as Readonly<Record<string, unknown>>)[name];
  const content = { 'application/json': { schema: body, ...(example !== undefined && { example }) } };
  return {
    operationId: id,
    tags: [ARRIVING],
    summary,
    description,
    security: [],
    parameters: Object.entries(headersOf(arrival)).map(([header, { description, required }]) => ({
      name: header,
      in: 'header',
      required,
      description,
      schema: { type: 'string' },
      example: (examples.headers as Readonly<Record<string, unknown>>)[header.toLowerCase()],
    })),
    requestBody: { required: arrival.body !== undefined, content },
    responses: {
      '2XX': { description: 'Delivered.' },
      default: { description: 'A failed attempt; whether and when there is another one, the retry policy says.' },
    },
  };
}

/** Answers that several rows share. */
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
  return names.length > 1 ? { anyOf: names.map(refTo) } : refTo(first!);
}

const refTo = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** The collection with which the path begins, or the dialect. */
function tagOf({ path }: Route): string {
  const dialect = dialectAt(path);
  if (dialect) return `${dialect.name} dialect`;
  const [, version, collection] = path.split('/');
  const isOurs = version === 'v1' && collection !== 'healthz';
  return isOurs ? collection!.replaceAll('-', ' ') : 'about';
}

const ARRIVING = 'what arrives';

const either = (words: readonly string[]) => new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(words);

const tags: Readonly<Record<string, string>> = {
  about: 'What this service is, and that it is up.',
  sessions: 'Persons who have signed in.',
  'sign in': 'Signing in at a provider of OpenID Connect, for browsers.',
  projects: 'Tenants and their API keys, for persons.',
  endpoints: 'Where to send: URL, method, headers, timeout, retry policy, event filters, limits.',
  listeners: 'Developers’ machines that get the calls of endpoints in place of their URLs.',
  'retry policies': `When a failed attempt is made again: ${either(RETRY_STRATEGIES)} backoff.`,
  tasks: 'Task runs: one call each, now or later, with its attempts.',
  events: 'Named events for every endpoint that listens.',
  deliveries: 'Delivery attempts: every HTTP call that was made.',
  feed: 'Task runs and their attempts as they change.',
  schedules: 'When to send: a cron expression in a time zone, or one moment.',
  'retry jobs': 'What waits for its next attempt.',
  'dead letters': 'What will not be tried again by itself; it can be replayed.',
  'bulk jobs': 'Replays, resolutions and cancellations of many, in the background.',
  search: 'Objects by what a text begins with.',
  stats: 'What came of deliveries, hour by hour.',
  usage: 'What a project may have and use, and what it has used.',
  audit: 'Who changed what.',
  alarms: 'What CloudWatch says of the stage.',
  ...Object.fromEntries(Object.entries(dialectDocuments).map(([name, { tag }]) => [`${name} dialect`, tag])),
  [ARRIVING]: 'The calls that your receivers get.',
};

const header = (description: string, more: object = {}) => ({ description, schema: { type: 'string' }, ...more });

const headers: Record<HeaderName | 'X-Request-Id', object> = {
  'X-Request-Id': header('Names this request in our logs.', { required: true }),
  Location: header('Where it can be seen, or followed.', { required: true }),
  Link: header('The next page, as rel="next".'),
  Allow: header('The methods that the path takes.', { required: true }),
  'WWW-Authenticate': header('Which credentials are taken.', { required: true }),
  'Retry-After': header(
    'Seconds: while the first request with the same Idempotency-Key still runs, or until a quota has room or the address may sign in again.',
  ),
  RateLimit: header('What is left of the quota, and the seconds until it begins anew: `"runs_per_day";r=0;t=3600`.'),
  'RateLimit-Policy': header('The quota, and its window in seconds: `"runs_per_day";q=1000000;w=86400`.'),
  'Idempotent-Replayed': header('true, where this is the first answer to the same Idempotency-Key.'),
};
