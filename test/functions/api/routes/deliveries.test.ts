import { routes } from '../../../../functions/api/routes/deliveries.js';
import { NotFoundError } from '../../../../functions/primitives/faults.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import type { RunDefinition } from '../../../../functions/subjects/task-runs/task-run.js';
import { callRoute, type Json } from '../../../support/call-route.js';
import {
  anAttempt,
  aRunOf,
  aState,
  NOW,
  type PipelineWorld,
  startPipelineWorld,
} from '../../../support/pipeline-world.js';

let world: PipelineWorld;
let project: Project;
let other: Project;
let runs: RunDefinition[];

beforeAll(async () => {
  world = await startPipelineWorld();
  project = world.addProject();
  other = world.addProject();
  runs = Array.from({ length: 5 }, (_, index) => aRunOf(project, {}, index));
  const bodies = ['=1+1', 'a "quoted", line\r\nand another', 'Zürich 🎉', '', 'plain'];
  await world.store(
    runs.map((definition, index) => {
      const first_attempt = anAttempt(definition, 1, { response_body: bodies[index]! });
      return { definition, state: aState(definition, { status: 'dead_letter', first_attempt }) };
    }),
  );
});
afterAll(() => world.close());

const get = (path: string, more: object = {}) =>
  callRoute(routes, world.ports, { method: 'GET', path, projects: [project], ...more });

it('lists attempts with all that is known of them', async () => {
  const { body } = await get('/v1/deliveries?page_size=2');
  expect(body.next_cursor).toBe(runs[1]!.id.replace('run', 'att'));
  expect(body.data[0]).toEqual({
    id: runs[0]!.id.replace('run', 'att'),
    project_id: project.id,
    task_id: runs[0]!.id,
    endpoint_id: null,
    attempt: 1,
    status: 'failed',
    http_status: 503,
    latency_ms: 120,
    lateness_ms: 5,
    request_headers: { 'x-secret': '***' },
    response_headers: { server: 'nginx' },
    response_body: '=1+1',
    error: { code: 'http_503', message: 'The endpoint answered 503.' },
    request_id: 'req',
    trace_id: 'trace',
    started_at: new Date(NOW).toISOString(),
    finished_at: new Date(NOW + 120).toISOString(),
    event_name: null,
  });
});

it('names the event, or the job notification, that was sent', async () => {
  const mine = world.addProject();
  const request_headers = { 'punctual-event-name': 'job.failed' };
  const definition = aRunOf(mine, {}, 0);
  const first_attempt = anAttempt(definition, 1, { request_headers });
  await world.store([{ definition, state: aState(definition, { status: 'success', first_attempt }) }]);
  const { body } = await get('/v1/deliveries', { projects: [mine] });
  expect(body.data).toMatchObject([{ event_name: 'job.failed' }]);
  const csv = (await get('/v1/deliveries', { projects: [mine], accept: 'text/csv' })).body;
  const [heads, row] = csv.split('\r\n').map((line: string) => line.split(','));
  expect(row[heads.indexOf('event_name')]).toBe('job.failed');
});

it('answers the same pages as CSV, with a link to the next one', async () => {
  const accept = 'application/json;q=0.5, text/csv';
  const first = await get('/v1/deliveries?page_size=3&status=failed', { accept });
  expect(first.headers?.['content-type']).toBe('text/csv; charset=utf-8');
  const next = `/v1/deliveries?page_size=3&status=failed&cursor=${runs[2]!.id.replace('run', 'att')}`;
  expect(first.headers?.['link']).toBe(`<${next}>; rel="next"`);
  const lines = first.body.split('\r\n');
  expect(lines[0]).toMatch(/^id,project_id,task_id,endpoint_id,attempt,status,.*,response_body$/);
  expect(lines[1]).toContain(`,failed,503,120,5,http_503,The endpoint answered 503.,req,trace,`);
  expect(lines[1]).toContain(`"{""x-secret"":""***""}"`);
  expect(lines[1].endsWith(`,'=1+1`)).toBe(true);
  expect(first.body).toContain('"a ""quoted"", line\r\nand another"');
  expect(first.body).toContain('Zürich 🎉');
  const last = await get(next, { accept });
  expect(last.headers).not.toHaveProperty('link');
  expect(last.body.split('\r\n')).toHaveLength(4);
});

it('names an operator’s project in the link, and keeps the header for an empty page', async () => {
  const ports = world.ports;
  const request = {
    method: 'GET',
    path: '/v1/deliveries?page_size=1',
    accept: 'text/csv',
    projects: [other, project],
  } as const;
  const { headers } = await callRoute(routes, ports, request);
  expect(headers?.['link']).not.toContain('project_id');
  const empty = await get('/v1/deliveries', { accept: 'text/csv', projects: [other] });
  expect(empty.body).toMatch(/^id,.*\r\n$/);
});

it('filters by task, and answers JSON to every other request', async () => {
  const { body } = await get(`/v1/deliveries?task_id=${runs[3]!.id}`, { accept: '*/*' });
  expect(body.data.map(({ task_id }: Json) => task_id)).toEqual([runs[3]!.id]);
  expect((await get(`/v1/deliveries?task_id=${runs[3]!.id}`, { projects: [other] })).body.data).toEqual([]);
});

it('shows a single one of its own project only', async () => {
  const id = runs[4]!.id.replace('run', 'att');
  expect((await get(`/v1/deliveries/${id}`)).body).toMatchObject({ id, response_body: 'plain' });
  await expect(get(`/v1/deliveries/${id}`, { projects: [other] })).rejects.toThrow(NotFoundError);
  await expect(get(`/v1/deliveries/${runs[4]!.id}`)).rejects.toThrow(NotFoundError);
});

it.each(['status=open', 'task_id=x', 'endpoint_id=run_1'])('refuses ?%s', async (query) => {
  await expect(get(`/v1/deliveries?${query}`)).rejects.toMatchObject({ faults: [{ pointer: query.split('=')[0] }] });
});
