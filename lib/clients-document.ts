import { createHash } from 'node:crypto';
import { openApiText } from './bundles.js';

/** What a project's key does: the operations of the clients for Python and Go. */
const GROUPS =
  /^\/v1\/(tasks|events|endpoints|schedules|retry-policies|deliveries|retry-jobs|dead-letters(?!\/replay-all)|bulk-jobs|search|usage|feed|listeners)(\/|$)/;
/** The clients give these themselves, or leave them to the key. */
const NOT_FILTERS: ReadonlySet<string> = new Set(['page', 'project_id']);
/** No type of its own: CSV is sent only where an Accept header asks for it; of the feed each line has the type of its kind. */
const NOT_MADE: ReadonlySet<string> = new Set(['DeliveryAttemptCsv', 'FeedLines', 'FeedLine']);
/** A moment may also be a value of the language's own type. */
const OWN_MOMENT = {
  oneOf: [{ type: 'string' }, { type: 'number' }, { customTypePath: 'datetime.datetime' }],
  'x-go-type': 'time.Time',
};
/** What is empty is not sent, and never has a meaning of its own: Go needs no pointer to tell it from what is absent. */
const NO_POINTER = { 'x-go-type-skip-optional-pointer': true, 'x-omitzero': true };

type Json = { readonly [field: string]: unknown };
interface Parameter {
  readonly name: string;
  readonly in: string;
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: unknown;
}

/** Whether the clients for Python and Go know the operations at this path. */
export const isOfClients = (path: string): boolean => GROUPS.test(path);

/**
 * The document of which the types for Python and Go are made: the schemas that the operations of a project's key name, and the filters of
 * each list as a schema of its own, such as ListTasksQuery.
 */
export function clientsDocument(): { readonly text: string; readonly digest: string } {
  const { openapi, info, paths, components } = JSON.parse(openApiText()) as Record<'paths' | 'components', Json> & Json;
  const kept = Object.entries(paths).flatMap(([path, item]) => (isOfClients(path) ? Object.values(item as Json) : []));
  const operations = kept as Operation[];
  const filters = Object.fromEntries(operations.flatMap(queryOf));
  const parts: Json = {
    ...components,
    schemas: { ...(components['schemas'] as Json), ...filters, Moment: OWN_MOMENT },
  };
  const asked = named(
    [filters, operations.map(({ requestBody }) => requestBody)],
    parts,
    new Set(Object.keys(filters)),
  );
  const schemas = parts['schemas'] as Json;
  const made = [...named(operations, parts, new Set(asked))].filter((name) => !NOT_MADE.has(name));
  const shown = made.sort().map((name) => {
    const schema = schemas[name] as Json;
    return [name, asked.has(name) ? withoutPointers(schema, schemas) : schema];
  });
  const text = JSON.stringify({ openapi, info, paths: {}, components: { schemas: plain(Object.fromEntries(shown)) } });
  return { text, digest: createHash('sha256').update(text).digest('hex').slice(0, 16) };
}

function queryOf({ operationId, parameters = [] }: Operation): [string, Json][] {
  const filters = parameters.filter((one) => one.in === 'query' && !NOT_FILTERS.has(one.name));
  if (filters.length === 0) return [];
  const properties = filters.map(({ name, ...filter }) => {
    const { schema, description } = filter as { schema?: Json; description?: string };
    return [name, { ...schema, ...(description !== undefined && { description }) }];
  });
  const name = `${operationId[0]!.toUpperCase()}${operationId.slice(1)}Query`;
  return [[name, { type: 'object', properties: Object.fromEntries(properties) }]];
}

/** Adds the names of the schemas that a part of the document names, and of those that these name. */
function named(part: unknown, components: Json, names: Set<string>): Set<string> {
  for (const [, kind, name] of JSON.stringify(part).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)) {
    const next = (components[kind!] as Json)[name!];
    if (kind !== 'schemas') named(next, components, names);
    else if (!names.has(name!)) named(next, components, names.add(name!));
  }
  return names;
}

function withoutPointers(schema: Json, schemas: Json): Json {
  if (schema['properties'] === undefined) return schema;
  const properties = Object.entries(schema['properties'] as Json).map(([name, property]) => {
    const isText = isOfText(property as Json, schemas);
    return [name, isText ? { ...(property as Json), ...NO_POINTER } : property];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** A text, a moment, a word of an enumeration: also one that may be null. */
function isOfText({ $ref, type, anyOf }: Json, schemas: Json): boolean {
  if (typeof $ref === 'string') {
    const named = schemas[$ref.split('/').at(-1)!] as Json;
    return named === OWN_MOMENT || isOfText(named, schemas);
  }
  return [type].flat().includes('string') || ((anyOf as Json[]) ?? []).some((one) => isOfText(one, schemas));
}

/** Without what a generator would print into a comment of each type. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => name !== 'examples' && name !== 'pattern');
  return Object.fromEntries(entries.map(([name, inner]) => [name, plain(inner)]));
}
