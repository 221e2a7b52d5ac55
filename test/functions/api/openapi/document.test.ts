import { validate } from '../../../../functions/api/http/validate.js';
import { components } from '../../../../functions/api/openapi/components.js';
import { openApiDocument, rowOf } from '../../../../functions/api/openapi/document.js';
import { schemas as taken } from '../../../../functions/api/openapi/examples.json';
import type { JsonSchema } from '../../../../functions/api/openapi/json-schema.js';
import { notes } from '../../../../functions/api/openapi/notes.js';
import { operations } from '../../../../functions/api/openapi/operations.js';
import { routes } from '../../../../functions/api/routes/routes.js';
import type { ApiSettings } from '../../../../functions/runtime/api-ports.js';

const document: JsonSchema = JSON.parse(JSON.stringify(openApiDocument()));
const examples: Readonly<Record<string, unknown>> = taken;
const settings = { allowHttp: false, allowLoopback: false } as ApiSettings;
const all: [string, JsonSchema][] = Object.entries<JsonSchema>(document['paths']).flatMap(([path, methods]) =>
  Object.entries<JsonSchema>(methods).map(([method, found]): [string, JsonSchema] => [
    `${method.toUpperCase()} ${path}`,
    found,
  ]),
);

function everyValue(value: unknown, visit: (key: string, value: unknown) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    visit(key, member);
    everyValue(member, visit);
  }
}

test('every row of the API is in it, and nothing else', () => {
  const rows = routes.map(rowOf).sort();
  expect(all.map(([row]) => row).sort()).toEqual(rows);
  expect(Object.keys(operations).sort()).toEqual(rows);
});

test('operations are told apart by their ids', () => {
  const ids = all.map(([, { operationId }]) => operationId);
  expect(ids).toEqual([...new Set(ids)]);
});

test.each(all)('%s names what the row takes', (row, operation) => {
  const { body, query, path, access } = routes.find((route) => rowOf(route) === row)!;
  expect(operation['requestBody'] !== undefined).toBe(body !== undefined);
  const parameters = (operation['parameters'] ?? []) as JsonSchema[];
  const inQuery = parameters.filter((one) => one['in'] === 'query').map((one) => one['name']);
  expect(inQuery).toEqual(Object.keys((query as { shape?: object } | undefined)?.shape ?? {}));
  const inPath = parameters.filter((one) => one['in'] === 'path').map((one) => `{${one['name']}}`);
  expect(inPath).toEqual(path.match(/\{\w+\}/g) ?? []);
  expect((operation['security'] as unknown[]).length > 0).toBe(access !== 'public');
});

test('every reference leads somewhere, and every schema is referred to', () => {
  const referred = new Set<string>();
  everyValue(document, (key, value) => {
    if (key === '$ref') referred.add(String(value));
  });
  for (const ref of referred) {
    const [, , kind, name] = ref.split('/');
    expect([ref, document['components'][kind!][name!]]).toEqual([ref, expect.any(Object)]);
  }
  const names = Object.keys(document['components'].schemas);
  expect(names.filter((name) => !referred.has(`#/components/schemas/${name}`))).toEqual([]);
});

test('what a schema says is what validates: the required, the bounds, the closed set of fields', () => {
  const { NewEndpoint, RunStatus, TaskRun } = document['components'].schemas;
  expect(NewEndpoint.required).toEqual(['name']); // the other kinds have no url
  expect(NewEndpoint.properties.type).toMatchObject({ $ref: '#/components/schemas/TargetType' });
  expect(NewEndpoint.properties.timeout_ms).toMatchObject({ minimum: 100, maximum: 300_000 });
  expect(NewEndpoint.additionalProperties).toBe(false);
  expect(TaskRun.properties.status).toEqual({ $ref: '#/components/schemas/RunStatus' });
  expect(RunStatus.enum).toContain('retry_scheduled');
});

test('a body is required where a field of it is', () => {
  const bodies = Object.fromEntries(all.map(([row, { requestBody }]) => [row, requestBody?.required]));
  expect(bodies['POST /v1/endpoints']).toBe(true);
  expect(bodies['POST /v1/endpoints/{id}/rotate-secret']).toBe(false);
  expect(bodies['GET /v1/endpoints']).toBeUndefined();
});

test('every body has an example, which its own row takes', () => {
  for (const route of routes.filter(({ body }) => body !== undefined)) {
    const { takes } = operations[rowOf(route)]!;
    expect(Object.keys(examples)).toContain(takes);
    expect(() => validate(route, { value: examples[takes!], faults: [] }, {}, settings)).not.toThrow();
  }
});

test('every example is one of its schema', () => {
  for (const [name, example] of Object.entries(examples)) {
    expect(document['components'].schemas[name].examples).toEqual([example]);
    const schema = components[name as keyof typeof components];
    const found = schema?.safeParse(example);
    expect([name, found?.error?.message]).toEqual([name, undefined]);
  }
});

test('every note is about a field that there is', () => {
  const fields = new Set<string>();
  const add = (owner: string, names: readonly string[]) => {
    for (const name of names) fields.add(name).add(`${owner}.${name}`);
  };
  for (const [owner, schema] of Object.entries<JsonSchema>(document['components'].schemas))
    everyValue({ schema }, (_key, value) =>
      add(owner, Object.keys((value as JsonSchema | null)?.['properties'] ?? {})),
    );
  for (const [row, { parameters = [] }] of all)
    add(
      row,
      parameters.map(({ name }: JsonSchema) => name),
    );
  expect(Object.keys(notes).filter((name) => !fields.has(name))).toEqual([]);
});
