import { validate } from '../../../../functions/api/http/validate.js';
import { openApiDocument, rowOf } from '../../../../functions/api/openapi/document.js';
import type { JsonSchema } from '../../../../functions/api/openapi/json-schema.js';
import { routes } from '../../../../functions/api/routes/routes.js';
import type { ApiSettings } from '../../../../functions/runtime/api-ports.js';

/** What generators of clients need, so that `npm run clients:check` finds nothing: found here without any of them. */
const document: JsonSchema = JSON.parse(JSON.stringify(openApiDocument()));
const { schemas } = document['components'] as { schemas: Record<string, JsonSchema> };

const operationsOf = (paths: Record<string, Record<string, JsonSchema>>) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ row: `${method.toUpperCase()} ${path}`, operation })),
  );
const operations = operationsOf(document['paths']);
const webhooks = operationsOf(document['webhooks']);
const everyOperation = [...operations, ...webhooks];

/** Every schema of the document, at whatever depth, with where it stands. */
function everySchema(): [where: string, schema: JsonSchema][] {
  const found: [string, JsonSchema][] = [];
  const look = (where: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) found.push([where, value as JsonSchema]);
    for (const [key, its] of Object.entries(value))
      if (key !== 'examples' && key !== 'example') look(`${where}/${key}`, its);
  };
  look('', { paths: document['paths'], webhooks: document['webhooks'], components: document['components'] });
  return found;
}
const all = everySchema();
const wrong = (isWrong: (schema: JsonSchema) => boolean) => all.flatMap(([where, it]) => (isWrong(it) ? [where] : []));
const typesOf = ({ type }: JsonSchema): unknown[] => (type === undefined ? [] : [type].flat());

const alike = (name: string) => name.replaceAll(/[_-]/g, '').toLowerCase();
const clashes = (names: readonly string[]) =>
  names.filter((name, index) => names.findIndex((other) => alike(other) === alike(name)) < index);

test('a number says how large it is: no moment and no amount is cut to 32 bits', () => {
  expect(wrong((it) => typesOf(it).includes('number') && it['format'] !== 'double')).toEqual([]);
  expect(wrong((it) => typesOf(it).includes('integer') && it['format'] !== 'int64')).toEqual([]);
});

test('an enum names each value once', () => {
  expect(wrong(({ enum: values = [] }) => Array.isArray(values) && new Set(values).size < values.length)).toEqual([]);
});

test('a field has one form: a plain type, a name, or either of them and null', () => {
  const isNamed = ({ $ref }: JsonSchema) => $ref !== undefined;
  const isOneForm = (it: JsonSchema) => {
    const forms: JsonSchema[] = it['oneOf'] ?? it['anyOf'] ?? [];
    return forms.filter(({ type }) => type !== 'null').every(isNamed);
  };
  expect(wrong((it) => !isOneForm(it))).toEqual([
    // As it arrives: the status that was answered, or a word for what went wrong.
    expect.stringMatching(/^\/webhooks\/jobFailed\/.*\/error_code$/),
  ]);
  expect(wrong((it) => Array.isArray(it['allOf']))).toEqual([]);
  expect(wrong((it) => typesOf(it).filter((type) => type !== 'null').length > 1)).toEqual([]);
});

test('a time that comes in is a Moment, wherever it does', () => {
  const incoming = ['NewTask.run_at', 'NewSchedule.start_at', 'Recovery.since', 'SchedulePreviewRequest.from'];
  for (const field of incoming) {
    const [schema, name] = field.split('.') as [string, string];
    expect(schemas[schema]!['properties'][name].$ref).toBe('#/components/schemas/Moment');
  }
  const queried = operations.flatMap(({ operation }) =>
    (operation['parameters'] ?? []).filter(({ name }: JsonSchema) => /^(since|until|from|to)$/.test(name)),
  );
  expect(queried.length).toBeGreaterThan(0);
  for (const { schema } of queried) expect(schema.$ref).toBe('#/components/schemas/Moment');
  expect(schemas['UnixSeconds']).toMatchObject({ type: 'number', format: 'double', maximum: 253_402_300_799 });
});

test('no two names differ only in case or underscores', () => {
  expect(clashes(Object.keys(schemas))).toEqual([]);
  for (const [where, { properties = {} }] of all)
    expect([where, clashes(Object.keys(properties))]).toEqual([where, []]);
  const named = (parameter: JsonSchema): string =>
    parameter['name'] ?? document['components'].parameters[parameter['$ref'].split('/').pop()].name;
  for (const { row, operation } of everyOperation)
    expect([row, clashes((operation['parameters'] ?? []).map(named))]).toEqual([row, []]);
});

test('what may be left out is left to the service: no default that a generator could make a duty of', () => {
  expect(wrong((it) => 'default' in it && !('description' in it && 'content' in it) && !('2XX' in it))).toEqual([]);
  expect(schemas['NewEndpoint']).toMatchObject({ required: ['name'] });
  expect(schemas['NewEndpoint']!['properties'].method.description).toBe('By default POST.');
});

test('a body is required where none is refused', () => {
  const settings = { allowHttp: false, allowLoopback: false } as ApiSettings;
  for (const route of routes.filter(({ body }) => body !== undefined)) {
    const { operation } = operations.find(({ row }) => row === rowOf(route))!;
    let isTaken = true;
    try {
      validate(route, { value: {}, faults: [] }, {}, settings);
    } catch {
      isTaken = false;
    }
    expect([rowOf(route), operation['requestBody'].required]).toEqual([rowOf(route), !isTaken]);
  }
});

test('a query parameter is required where a request without it is refused', () => {
  for (const route of routes.filter(({ query }) => query !== undefined)) {
    const refused = route.query!.safeParse({}).error?.issues.map(({ path }) => String(path[0])) ?? [];
    const { operation } = operations.find(({ row }) => row === rowOf(route))!;
    const required = operation['parameters'].filter((it: JsonSchema) => it['in'] === 'query' && it['required']);
    expect([rowOf(route), required.map((it: JsonSchema) => it['name'])]).toEqual([rowOf(route), refused]);
  }
});

const VERBS: Readonly<Record<string, RegExp>> = {
  GET: /^(get|list|search|await|take)[A-Z]/,
  PUT: /^put[A-Z]/,
  PATCH: /^update[A-Z]/,
  DELETE: /^(delete|revoke|cancel|giveUp)[A-Z]/,
  POST: /^(create|publish|rotate|test|recover|preview|run|cancel|redact|replay|resend|resolve|sign|backfill|answer)[A-Z]/,
};

test('an operation is called like a method: a verb that fits, and an object', () => {
  for (const { operation, row } of operations) {
    expect([row, operation['operationId']]).toEqual([row, expect.stringMatching(VERBS[row.split(' ')[0]!]!)]);
    expect(operation['operationId']).toMatch(/^[a-z]+([A-Z][a-z]+)+$/);
  }
  for (const { operation } of webhooks) expect(operation['operationId']).toMatch(/^receive([A-Z][a-z]+)+$/);
  expect(clashes(everyOperation.map(({ operation }) => operation['operationId']))).toEqual([]);
});

test('a summary is one short line; the rest is a description', () => {
  for (const { operation } of everyOperation) {
    expect(operation['summary']).toMatch(/^[A-Z].{1,78}\.$/);
    expect(operation['description'] ?? 'None.').toMatch(/^.+\.$/);
  }
});

test('every tag is described and used, and every server', () => {
  const used = new Set(everyOperation.flatMap(({ operation }) => operation['tags']));
  expect(document['tags'].map(({ name }: JsonSchema) => name)).toEqual([...used]);
  for (const { description } of [...document['tags'], ...document['servers']])
    expect(description).toMatch(/^[A-Z].*\.$/);
});

test('text that is not JSON has a schema with a name, which says what its lines hold', () => {
  const typed = (path: string, type: string) => document['paths'][path].get.responses[200].content[type].schema.$ref;
  expect(typed('/v1/audit', 'application/x-ndjson')).toBe('#/components/schemas/AuditLines');
  expect(typed('/v1/deliveries', 'text/csv')).toBe('#/components/schemas/DeliveryAttemptCsv');
  expect(schemas['AuditLines']!['contentSchema'].$ref).toBe('#/components/schemas/AuditEntry');
  expect(schemas['DeliveryAttemptCsv']!['description']).toContain(
    'id, project_id, task_id, endpoint_id, attempt, status',
  );
});

test('whatever arrives at a receiver is a webhook', () => {
  expect(Object.keys(document['webhooks'])).toEqual([
    'taskCall',
    'eventDelivery',
    'jobCompleted',
    'jobFailed',
    'jobTimedOut',
    'endpointDisabled',
    'endpointTest',
    'cronJobCall',
    'dispatchJobCall',
  ]);
});

test('every schema has an example, and so has every body that arrives, and every header', () => {
  expect(Object.keys(schemas).filter((name) => schemas[name]!['examples']?.length !== 1)).toEqual([]);
  for (const { row, operation } of webhooks) {
    expect([row, operation['requestBody'].content['application/json'].example]).toEqual([row, expect.anything()]);
    const headers: JsonSchema[] = operation['parameters'];
    expect([row, headers.filter(({ example }) => typeof example !== 'string')]).toEqual([row, []]);
  }
});
