import type { HttpDestination } from '../../../../functions/destinations/http/http.js';
import type { Destination } from '../../../../functions/destinations/registry.js';
import { decrypted } from '../../../../functions/destinations/secret-values.js';
import type { Answer } from '../../../support/api-under-test.js';
import { startWholeApi, type Tenant, type WholeApi } from '../../../support/whole-api.js';

const SECRET = 'Bearer of-theirs';
const URL = 'https://example.com/hook';
const TARGET = { url: URL, headers: { Authorization: SECRET, 'X-Other': 'of-theirs, too' } };
const HIDDEN = { Authorization: '***', 'X-Other': '***' };
const JOB = { name: 'x', cronExpression: '0 3 * * *', targetUrl: URL, headers: TARGET.headers };

let api: WholeApi;
let tenant: Tenant;
beforeAll(async () => {
  api = await startWholeApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  tenant = await api.newTenant();
});

/** No answer shows a value. */
async function send(method: string, path: string, body?: object): Promise<Answer> {
  const answer = await api.call(method, path, { headers: tenant.key, ...(body && { body }) });
  expect(answer.text).not.toContain('of-theirs');
  return answer;
}

/** An object that holds headers: how it is made and found, where it shows them, and what of it is stored. */
interface Holder {
  readonly make: () => Promise<Answer>;
  readonly path: (made: Answer['body']) => string;
  readonly headersOf: (shown: Answer['body']) => unknown;
  readonly patch: (headers: object) => object;
  readonly stored: (made: Answer['body']) => Promise<{ readonly holder: string; readonly destination: Destination }>;
}

async function storedSchedule(id: string) {
  const { schedule } = await api.ports.schedules.find({ project: tenant.project, schedule: id });
  return { holder: id, destination: schedule!.target! };
}

const HOLDERS: Readonly<Record<string, Holder>> = {
  'an endpoint': {
    make: () => send('POST', '/v1/endpoints', { name: 'x', ...TARGET }),
    path: ({ id }) => `/v1/endpoints/${id}`,
    headersOf: ({ headers }) => headers,
    patch: (headers) => ({ headers }),
    stored: async ({ id }) => ({ holder: id, destination: (await api.ports.config.endpoint(tenant.project, id))! }),
  },
  'a schedule': {
    make: () => send('POST', '/v1/schedules', { name: 'x', cron: '0 3 * * *', target: TARGET }),
    path: ({ id }) => `/v1/schedules/${id}`,
    headersOf: ({ target }) => target.headers,
    patch: (headers) => ({ target: { headers } }),
    stored: ({ id }) => storedSchedule(id),
  },
  'a job of the cron-service dialect': {
    make: () => send('POST', '/api/cron-service/jobs', JOB),
    path: ({ data }) => `/api/cron-service/jobs/${data.jobId}`,
    headersOf: ({ data }) => data.headers,
    patch: (headers) => ({ headers }),
    stored: ({ data }) => storedSchedule(data.jobId.replace('job_', 'sch_')),
  },
};

async function headersToCall({ stored }: Holder, made: Answer['body']): Promise<unknown> {
  const { holder, destination } = await stored(made);
  expect(JSON.stringify(destination)).not.toContain('of-theirs');
  return (await decrypted(destination as HttpDestination, api.ports.secrets.decrypt, holder)).headers;
}

describe.each(Object.keys(HOLDERS))('%s', (name) => {
  const holder = HOLDERS[name]!;

  test('is stored with encrypted values, and shown without them', async () => {
    const made = await holder.make();
    expect(made.status).toBe(201);
    const shown = await send('GET', holder.path(made.body));
    expect(holder.headersOf(shown.body)).toEqual(HIDDEN);
    expect(await headersToCall(holder, made.body)).toEqual(TARGET.headers);
  });

  test('keeps a value that comes back as it was shown', async () => {
    const { body } = await holder.make();
    const { body: shown } = await send('GET', holder.path(body));
    await send('PATCH', holder.path(body), holder.patch(holder.headersOf(shown) as object));
    expect(await headersToCall(holder, body)).toEqual(TARGET.headers);
    await send('PATCH', holder.path(body), holder.patch({ AUTHORIZATION: '***', 'X-New': 'new' }));
    expect(await headersToCall(holder, body)).toEqual({ AUTHORIZATION: SECRET, 'X-New': 'new' });
    await send('PATCH', holder.path(body), { name: 'renamed' });
    expect(await headersToCall(holder, body)).toEqual({ AUTHORIZATION: SECRET, 'X-New': 'new' });
  });

  test('takes no hidden value for a header that it does not have', async () => {
    const { body } = await holder.make();
    expect((await send('PATCH', holder.path(body), holder.patch({ 'X-New': '***' }))).status).toBe(400);
    expect(await headersToCall(holder, body)).toEqual(TARGET.headers);
  });
});

test('a task run is stored and shown so, alone, in a batch and in lists; a run of a schedule has its values', async () => {
  const one = await send('POST', '/v1/tasks', { target: TARGET, delay_seconds: 600 });
  const many = await send('POST', '/v1/tasks/batch', { tasks: [{ target: TARGET, delay_seconds: 600 }] });
  const schedule = await HOLDERS['a schedule']!.make();
  const run = await send('POST', `/v1/schedules/${schedule.body.id}/run`);
  const runs = [one.body, many.body.data[0].task, run.body];
  for (const { id, target } of runs) {
    expect(target.headers).toEqual(HIDDEN);
    const { definition } = await api.ports.runs.find({ project: tenant.project, run: id });
    const holder = definition!.source.id ?? id;
    expect(
      await headersToCall({ stored: async () => ({ holder, destination: definition!.target! }) } as never, {}),
    ).toEqual(TARGET.headers);
    expect((await send('GET', `/v1/tasks/${id}`)).body.target.headers).toEqual(HIDDEN);
  }
  expect((await send('GET', '/v1/tasks')).body.data).toHaveLength(runs.length);
  const target = { url: URL, headers: { 'X-New': '***' } };
  const refused = await send('POST', '/v1/tasks', { target });
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/target/headers/X-New']);
});
