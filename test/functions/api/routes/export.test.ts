import { randomBytes } from 'node:crypto';
import { makeId } from '../../../../functions/primitives/ids.js';
import { EXPORT_TYPES } from '../../../../functions/subjects/projects/export-types.js';
import type { Answer } from '../../../support/api-under-test.js';
import { aLetter, anAttempt, aRunOf, aState } from '../../../support/pipeline-world.js';
import { startWholeApi, type Tenant, type WholeApi } from '../../../support/whole-api.js';

let api: WholeApi;
beforeAll(async () => {
  api = await startWholeApi();
});
afterAll(() => api.close());

interface Line {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: an object as the API shows it.
  readonly data: any;
}

/** All answers of an export. */
async function exported({ project }: Tenant, between: (answer: number) => Promise<void> = async () => {}) {
  const answers: Answer[] = [];
  let target: string | undefined = `/v1/projects/${project}/export`;
  while (target !== undefined) {
    const answer: Answer = await api.call('GET', target, { headers: api.operator });
    expect(answer.status).toBe(200);
    answers.push(answer);
    target = /^<(.+)>; rel="next"$/.exec(answer.headers['link'] ?? '')?.[1];
    await between(answers.length);
  }
  const lines: Line[] = answers.flatMap(({ text }) => text.split('\n').slice(0, -1)).map((line) => JSON.parse(line));
  return { answers, lines };
}

const idsOf = (lines: readonly Line[], wanted: string) =>
  lines.filter(({ type }) => type === wanted).map(({ data }) => data.id);

test('every object is one line, as the API shows it alone, without secrets', async () => {
  const tenant = await api.newTenant();
  const project = (await api.ports.configStore.project(tenant.project))!;
  const make = async (path: string, body: object) => (await api.call('POST', path, { headers: tenant.key, body })).body;
  const policy = await make('/v1/retry-policies', { name: 'p' });
  const endpoint = await make('/v1/endpoints', { name: 'e', url: 'https://example.com/', event_filters: ['a.*'] });
  const payload = { big: 'x'.repeat(30_000), random: randomBytes(9_000).toString('hex') };
  const schedule = await make('/v1/schedules', { name: 's', cron: '0 0 1 1 *', endpoint_id: endpoint.id, payload });
  const event = await make('/v1/events', { event_name: 'a.b', payload });
  const task = await make('/v1/tasks', { endpoint_id: endpoint.id, payload });
  const run = aRunOf(project);
  const attempts = [anAttempt(run, 1), anAttempt(run, 2)];
  const state = { status: 'dead_letter', attempt: 2, first_attempt: attempts[0]!, later_attempts: [attempts[1]!.id] };
  await api.world.store([{ definition: run, state: aState(run, state as never), later: attempts.slice(1) }]);
  await api.world.bury([aLetter(run)]);

  const { lines } = await exported(tenant);
  expect([...new Set(lines.map(({ type }) => type))]).toEqual([...EXPORT_TYPES]);
  const shown = async (path: string) => (await api.call('GET', path, { headers: tenant.key })).body;
  const { attempts: _attempts, ...whole } = await shown(`/v1/tasks/${task.id}`);
  const {
    tasks: _tasks,
    task_counts: _counts,
    tasks_cursor: _cursor,
    ...published
  } = await shown(`/v1/events/${event.id}`);
  const letter = await shown(`/v1/dead-letters/${run.id.replace('run', 'dl')}`);
  for (const [type, data] of [
    ['retry_policy', await shown(`/v1/retry-policies/${policy.id}`)],
    ['endpoint', await shown(`/v1/endpoints/${endpoint.id}`)],
    ['schedule', await shown(`/v1/schedules/${schedule.id}`)],
    ['event', published],
    ['task_run', whole],
    ['dead_letter', letter],
    ...(await Promise.all(attempts.map(async ({ id }) => ['delivery_attempt', await shown(`/v1/deliveries/${id}`)]))),
  ])
    expect(lines).toContainEqual({ type, data });
  expect(whole.payload).toEqual(payload);
  expect(idsOf(lines, 'api_key')).toEqual([tenant.key_id]);
  expect(JSON.stringify(lines)).not.toMatch(/signing_secret|"key"|enc:/);
});

test('an answer ends before it is too large; the Link goes on, without a gap or a repeat', async () => {
  const tenant = await api.newTenant();
  const project = (await api.ports.configStore.project(tenant.project))!;
  const body = JSON.stringify(randomBytes(120_000).toString('hex'));
  const runs = Array.from({ length: 33 }, (_, n) => aRunOf(project, { payload: { format: 'json', body } }, n * 1_000));
  await api.world.store(runs.map((definition) => ({ definition })));
  const late: string[] = [];
  const { answers, lines } = await exported(tenant, async () => {
    // What is made meanwhile may be in it or not; it moves nothing else.
    const made = aRunOf(project, { id: makeId('run', Date.now() + 60_000, randomBytes(8), 0) });
    late.push(made.id);
    await api.world.store([{ definition: made }]);
  });
  expect(answers.length).toBeGreaterThan(2);
  for (const { text } of answers) expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThan(4_000_000);
  const found = idsOf(lines, 'task_run').filter((id) => !late.includes(id));
  expect(found).toEqual(
    runs
      .map(({ id }) => id)
      .sort()
      .reverse(),
  );
}, 30_000);

test('many small objects are several answers; only an admin gets them, and of a live project', async () => {
  const tenant = await api.newTenant();
  const project = (await api.ports.configStore.project(tenant.project))!;
  const runs = Array.from({ length: 510 }, (_, n) => aRunOf(project, {}, n));
  await api.world.store(runs.map((definition) => ({ definition })));
  const { answers, lines } = await exported(tenant);
  expect(answers).toHaveLength(2);
  expect(idsOf(lines, 'task_run').sort()).toEqual(runs.map(({ id }) => id).sort());
  const path = `/v1/projects/${tenant.project}/export`;
  expect((await api.call('GET', path, { headers: tenant.key })).status).toBe(403);
  for (const cursor of ['nothing', 'task_run.run_1', 'audit']) {
    const refused = await api.call('GET', `${path}?cursor=${cursor}`, { headers: api.operator });
    expect(refused.status).toBe(400);
  }
  const confirmed = `/v1/projects/${tenant.project}?confirm=${tenant.project}`;
  expect((await api.call('DELETE', confirmed, { headers: api.operator })).status).toBe(202);
  expect((await api.call('GET', path, { headers: api.operator })).status).toBe(404);
}, 30_000);
