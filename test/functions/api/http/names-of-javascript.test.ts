import fc from 'fast-check';
import { startWholeApi, type Tenant, type WholeApi } from '../../../support/whole-api.js';

/** Names that objects, arrays, functions and promises of JavaScript have a meaning for. */
const NAMES = [...Object.getOwnPropertyNames(Object.prototype), 'prototype', 'length', 'name', 'then', 'toJSON'];
const URL = '"url":"https://example.com/"';

let api: WholeApi;
let tenant: Tenant;
let ids: Record<'endpoint' | 'schedule' | 'job', string>;

beforeAll(async () => {
  api = await startWholeApi();
  tenant = await api.newTenant();
  const made = async (path: string, body: string) => (await send('POST', path, body)).body;
  ids = {
    endpoint: (await made('/v1/endpoints', `{"name":"n",${URL}}`)).id,
    schedule: (await made('/v1/schedules', `{"name":"n","cron":"0 0 * * *","target":{${URL}}}`)).id,
    job: (await made('/api/cron-service/jobs', job('{}'))).data.jobId,
  };
});
afterAll(() => api.close());

const job = (headers: string) =>
  `{"name":"n","cronExpression":"0 0 * * *","targetUrl":"https://example.com/","headers":${headers}}`;

/** The answer; none may be a fault of ours. */
async function send(method: string, path: string, body?: string) {
  const answer = await api.call(method, path, { headers: tenant.key, ...(body !== undefined && { body }) });
  if (answer.status >= 500) throw new Error(`${method} ${path} ${body} was answered ${answer.status}`);
  return answer;
}

/** Each place where a caller names an object's members: a body for members, and what shows them. */
const HEADERS: Readonly<Record<string, (headers: string) => readonly [string, string, string]>> = {
  'a new endpoint': (headers) => ['POST', '/v1/endpoints', `{"name":"n",${URL},"headers":${headers}}`],
  'a changed endpoint': (headers) => ['PATCH', `/v1/endpoints/${ids.endpoint}`, `{"headers":${headers}}`],
  'a task': (headers) => ['POST', '/v1/tasks', `{"target":{${URL},"headers":${headers}}}`],
  'a batch': (headers) => ['POST', '/v1/tasks/batch', `{"tasks":[{"target":{${URL},"headers":${headers}}}]}`],
  'a schedule': (headers) => [
    'POST',
    '/v1/schedules',
    `{"name":"n","cron":"0 0 * * *","target":{${URL},"headers":${headers}}}`,
  ],
  'a changed schedule': (headers) => ['PATCH', `/v1/schedules/${ids.schedule}`, `{"target":{"headers":${headers}}}`],
  'a changed job': (headers) => ['PATCH', `/api/cron-service/jobs/${ids.job}`, `{"headers":${headers}}`],
};
const PAYLOADS: Readonly<Record<string, (payload: string) => readonly [string, string, string]>> = {
  'a task': (payload) => ['POST', '/v1/tasks', `{"target":{${URL}},"payload":${payload}}`],
  'an event': (payload) => ['POST', '/v1/events', `{"event_name":"n","payload":${payload}}`],
  'a schedule': (payload) => [
    'POST',
    '/v1/schedules',
    `{"name":"n","cron":"0 0 * * *","target":{${URL}},"payload":${payload}}`,
  ],
  'a changed schedule': (payload) => ['PATCH', `/v1/schedules/${ids.schedule}`, `{"payload":${payload}}`],
  'a dispatch job': (payload) => [
    'POST',
    '/api/v1/jobs',
    `{"title":"t","webhookUrl":"https://example.com/","fireAt":"2030-01-01T00:00:00Z","payload":${payload}}`,
  ],
};

const among = <Value>(places: Readonly<Record<string, Value>>) => fc.constantFrom(...Object.keys(places));

test('a header of such a name is kept, or refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...NAMES), among(HEADERS), async (name, place) => {
      const header = `{"${name}":"its value"}`;
      const { status, text, body } = await send(...HEADERS[place]!(header));
      if (status !== 400) expect(text).toContain(`"headers":{"${name}":"***"}`);
      else expect(body.detail ?? body.message).toBeTruthy();
    }),
    {
      numRuns: 30,
      examples: Object.keys(HEADERS).flatMap((place) => [
        ['__proto__', place],
        ['constructor', place],
      ]) as [string, string][],
    },
  );
});

test('a member of a payload is kept under any of them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...NAMES), among(PAYLOADS), async (name, place) => {
      const payload = `{"${name}":{"${name}":1.0},"x":[{"${name}":null}]}`;
      expect((await send(...PAYLOADS[place]!(payload))).text).toContain(`"payload":${payload}`);
    }),
    { numRuns: 15, examples: Object.keys(PAYLOADS).map((place) => ['__proto__', place] as [string, string]) },
  );
});

test.each(NAMES)('%s is no field, no parameter of a query, and no id', async (name) => {
  expect((await send('POST', '/v1/tasks', `{"target":{${URL}},"${name}":{"x":1}}`)).status).toBe(400);
  expect((await send('PATCH', `/v1/schedules/${ids.schedule}`, `{"${name}":{"x":1}}`)).status).toBe(400);
  expect((await send('PATCH', `/v1/endpoints/${ids.endpoint}`, `{"${name}":{"x":1}}`)).status).toBe(400);
  expect((await send('GET', `/v1/tasks?${name}=1`)).status).toBe(400);
  expect((await send('GET', `/v1/tasks/${name}`)).status).toBe(404);
});
