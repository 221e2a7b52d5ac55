import { openApiText } from './bundles.js';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

const BY_NAME = {
  endpoint: { type: 'string', description: 'The name of an endpoint, of this file or of the project.' },
  retry_policy: { type: 'string', description: 'The name of a retry policy, of this file or of the project.' },
};

/** The JSON Schema of punctual.yaml, from the API's document: what a creation takes, by name, and with names in place of ids. */
export function fileSchema(): object {
  const { schemas } = JSON.parse(openApiText()).components as { schemas: Record<string, JsonSchema> };
  const needed = new Map<string, JsonSchema>();
  const section = (component: string, ...names: (keyof typeof BY_NAME)[]) => ({
    type: 'object',
    additionalProperties: byName(schemas[component]!, names),
  });
  const sections = {
    retry_policies: section('NewRetryPolicy'),
    endpoints: section('NewEndpoint', 'retry_policy'),
    schedules: section('NewSchedule', 'endpoint', 'retry_policy'),
  };
  const collect = (value: unknown): void => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (needed.has(name!)) continue;
      needed.set(name!, withDefaults(schemas[name!]!));
      collect(schemas[name!]);
    }
  };
  collect(sections);
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'punctual.yaml',
    type: 'object',
    additionalProperties: false,
    properties: sections,
    $defs: Object.fromEntries([...needed].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/'));
}

/** `signing_secret` stays out of a file that is kept with the code: the API makes one. */
function byName({ example: _example, ...component }: JsonSchema, names: readonly (keyof typeof BY_NAME)[]): JsonSchema {
  const {
    name: _name,
    endpoint_id: _endpoint,
    retry_policy_id: _policy,
    signing_secret: _secret,
    ...properties
  } = component.properties!;
  const added = Object.fromEntries(names.map((name) => [name, BY_NAME[name]]));
  const required = component.required!.filter((field) => field in properties);
  return withDefaults({ ...component, properties: { ...properties, ...added }, required });
}

/** The defaults that the API's document says in words: an editor shows them, and `plan` compares with them. */
function withDefaults(schema: JsonSchema): JsonSchema {
  if (schema.properties === undefined) return schema;
  const fields = Object.entries(schema.properties).map(([name, field]): [string, JsonSchema] => {
    const value = defaultOf(field);
    return [name, { ...field, ...(value !== undefined && { default: value }) }];
  });
  return { ...schema, properties: Object.fromEntries(fields) };
}

function defaultOf({ type, description = '' }: JsonSchema): unknown {
  if (type === 'array') return [];
  if (type === 'object') return {};
  const [, said] = /By default (\S+)\.$/.exec(description as string) ?? [];
  return said !== undefined && (type === 'integer' || type === 'number') ? Number(said) : said;
}
