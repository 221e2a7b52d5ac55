import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld({ settings: { auditDeliveries: true } });

test('the audit tells of a change, and of the deliveries that followed', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/flaky/1', { retry_policy_id: await world.policy(2) });
  const id = await world.task(endpoint.id, { payload: 'of the customer' });
  await world.reached(id, 'success');
  const lines = await eventually('both attempts are told', async () => {
    const { text } = expectStatus(await world.api.get('/v1/audit'), 200);
    const told = text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    return told.filter(({ type }) => type === 'delivery').length === 2 && told;
  });
  const told = lines.map((line) => [line.project_id, line.type, line.action ?? line.outcome]);
  expect(told).toEqual([
    [world.project.id, 'change', 'POST /v1/projects/{id}/keys'],
    [world.project.id, 'change', 'POST /v1/retry-policies'],
    [world.project.id, 'change', 'POST /v1/endpoints'],
    [world.project.id, 'delivery', 'failed'],
    [world.project.id, 'delivery', 'success'],
  ]);
  expect(lines[2].source_ip).toMatch(/127\.0\.0\.1/);
  expect(JSON.stringify(lines)).not.toContain('of the customer');
});
