import { routes as keyRoutes } from '../../../../functions/api/routes/keys.js';
import { routes as projectRoutes } from '../../../../functions/api/routes/projects.js';
import { routes as scheduleRoutes } from '../../../../functions/api/routes/schedule-preview.js';
import { routes as sessionRoutes } from '../../../../functions/api/routes/sessions.js';
import { OPERATOR_KEY, startApi } from '../../../support/api-under-test.js';
import invalid from '../../cron/invalid.json';
import vectors from '../../cron/vectors.json';

let api: Awaited<ReturnType<typeof startApi>>;
let key: { 'x-api-key': string };

beforeAll(async () => {
  api = await startApi([...sessionRoutes, ...projectRoutes, ...keyRoutes, ...scheduleRoutes]);
  const session = await api.call('POST', '/v1/sessions', { body: { operator_key: OPERATOR_KEY } });
  const headers = { authorization: `Bearer ${session.body.token}` };
  const project = await api.call('POST', '/v1/projects', { headers, body: { name: 'Shop' } });
  const made = await api.call('POST', `/v1/projects/${project.body.id}/keys`, { headers, body: { label: 'ci' } });
  key = { 'x-api-key': made.body.key };
});
afterAll(() => api.close());

const preview = (body: unknown, headers: Record<string, string> = key) =>
  api.call('POST', '/v1/schedules/preview', { headers, body });

test('says what it means, when it runs, and what a clock change moves', async () => {
  const body = { cron: '30 2 * * *', timezone: 'Europe/Berlin', from: '2026-03-27T12:00:00+01:00', count: 3 };
  expect(await preview(body)).toMatchObject({
    status: 200,
    body: {
      description: 'At 02:30',
      next: ['2026-03-28T01:30:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
      shifted: ['2026-03-29T01:00:00.000Z'],
    },
  });
});

test('ten from now on in UTC, unless told otherwise', async () => {
  const { body } = await preview({ cron: '@hourly' });
  const thisHour = Math.floor(api.clock.now() / 3_600_000) * 3_600_000;
  expect(body.next).toHaveLength(10);
  expect([thisHour, thisHour + 3_600_000]).toContain(Date.parse(body.next[0]) - 3_600_000);
  expect(body).toMatchObject({ description: 'Every hour', shifted: [] });
});

test('`from` may be Unix seconds, with a fraction, and is itself left out', async () => {
  const from = Date.parse('2026-05-05T05:05:00Z') / 1000;
  const first = async (from: number) => (await preview({ cron: '5 5 * * *', from, count: 1 })).body.next;
  expect(await first(from)).toEqual(['2026-05-06T05:05:00.000Z']);
  expect(await first(from - 0.001)).toEqual(['2026-05-05T05:05:00.000Z']);
});

test.each(vectors)('$group: $expr in $tz from $from', async ({ expr, tz, from, next }) => {
  const answer = await preview({ cron: expr, timezone: tz, from, count: next.length });
  expect(answer.body.next).toEqual(next.map((time) => new Date(time).toISOString()));
  expect(answer.body.description).toMatch(/^[A-Z]/);
});

test.each(invalid)('400 for "$expr", which names the $field', async ({ expr, field }) => {
  const answer = await preview({ cron: expr });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/cron' }] } });
  expect(answer.body.errors[0].message).toContain(`The ${field} `);
});

test('every fault at once', async () => {
  const answer = await preview({ cron: '61 * * * *', timezone: 'Mars/Olympus', from: 'soon', count: 51, day: 1 });
  const pointers = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);
  expect(answer.status).toBe(400);
  expect(pointers.sort()).toEqual(['/count', '/cron', '/day', '/from', '/timezone']);
});

test.each([
  ['/cron', {}],
  ['/cron', { cron: 5 }],
  ['/cron', { cron: ['* * * * *'] }],
  ['/timezone', { cron: '@daily', timezone: '' }],
  ['/timezone', { cron: '@daily', timezone: '+02:00' }],
  ['/timezone', { cron: '@daily', timezone: null }],
  ['/timezone', { cron: '@daily', timezone: 'IST' }],
  ['/count', { cron: '@daily', count: 0 }],
  ['/count', { cron: '@daily', count: 1.5 }],
  ['/from', { cron: '@daily', from: 9e15 }],
  ['/from', { cron: '@daily', from: 8.6e12 }],
  ['/from', { cron: '@daily', from: -1e10 }],
  ['/from', { cron: '@daily', from: '2026-01-01' }],
])('400 names %s for %j', async (pointer, body) => {
  expect(await preview(body)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
});

test('a moment is refused in a sentence of its own', async () => {
  const { body } = await preview({ cron: '@daily', from: '2026-02-30T00:00Z' });
  expect(body.errors).toEqual([{ pointer: '/from', message: 'There is no such date, time of day or offset.' }]);
});

test('401 without a key', async () => {
  expect((await preview({ cron: '@daily' }, {})).status).toBe(401);
});
