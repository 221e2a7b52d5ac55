import { routes } from '../../../../functions/api/routes/endpoint-operations.js';
import { callRoute } from '../../../support/call-route.js';
import { anAttempt, aState, type PipelineWorld, startPipelineWorld } from '../../../support/pipeline-world.js';

let world: PipelineWorld;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.sent.length = 0;
  world.dispatched.length = 0;
});

async function post(operation: string, change: object = {}, body?: object) {
  const project = world.addProject();
  const endpoint = world.addEndpoint(project, change);
  const path = `/v1/endpoints/${endpoint.id}/${operation}`;
  const answer = await callRoute(routes, world.ports, { method: 'POST', path, body, projects: [project] });
  return { project, endpoint, answer, body: answer.body };
}

test('a sample that no deliverer delivers is answered with its run, after a while', async () => {
  const { endpoint, answer, body } = await post('test');
  expect(answer).toMatchObject({ status: 202, location: `/v1/tasks/${body.id}` });
  expect(body).toMatchObject({
    status: 'pending',
    source: { type: 'test', id: endpoint.id },
    max_attempts: 1,
    payload: { event: 'test', endpoint_id: endpoint.id },
  });
  expect(world.sent).toMatchObject([{ lane: 'fast', token: { run: body.id, attempt: 1 } }]);
});

test('its attempt is the answer as soon as it is recorded', async () => {
  const { create } = world.ports.runs;
  const ports = {
    ...world.ports,
    runs: {
      ...world.ports.runs,
      create: async (run: Parameters<typeof create>[0]) => {
        await create(run);
        const first_attempt = anAttempt(run, 1);
        await world.ports.runs.begin(
          { project: run.project_id, run: run.id },
          aState(run, { status: 'dead_letter', first_attempt }),
        );
      },
    },
  };
  const project = world.addProject();
  const { id } = world.addEndpoint(project);
  const call = { method: 'POST', path: `/v1/endpoints/${id}/test`, projects: [project] } as const;
  const answer = await callRoute(routes, ports, call);
  expect(answer).toMatchObject({ status: 200, body: { attempt: 1, status: 'failed', http_status: 503 } });
});

test('recover begins a bulk replay of the endpoint alone, up to now', async () => {
  const { endpoint, answer, body } = await post('recover', { status: 'paused' }, { since: '2026-11-01T00:00:00Z' });
  expect(answer).toMatchObject({ status: 202, location: `/v1/dead-letters/replays/${body.id}` });
  expect(body).toMatchObject({
    status: 'running',
    replayed: 0,
    endpoint_id: endpoint.id,
    since: '2026-11-01T00:00:00.000Z',
    until: new Date(world.time.now).toISOString(),
  });
  expect(world.dispatched).toMatchObject([{ kind: 'bulk', job: body.id, cursor: '' }]);
});
