import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld();

test('of a batch of 100 with a bad entry every good one is delivered, exactly once', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/ok');
  const tasks: object[] = Array.from({ length: 100 }, (_, n) => ({ endpoint_id: endpoint.id, payload: { n } }));
  tasks[41] = { endpoint_id: endpoint.id, payload: 'x', delay_seconds: -1, colour: 'red' };
  const { body } = expectStatus(await world.api.post('/v1/tasks/batch', { tasks }), 200);

  expect(body.data).toHaveLength(100);
  const [bad, ...others] = body.data.filter(({ status }: { status: number }) => status !== 201);
  expect(others).toEqual([]);
  expect(body.data[41]).toBe(bad);
  expect(bad).toMatchObject({ status: 400, error: { code: 'invalid_request', errors: expect.any(Array) } });
  const pointers = bad.error.errors.map(({ pointer }: { pointer: string }) => pointer);
  expect(pointers.sort()).toEqual(['/colour', '/delay_seconds']);

  const ids: string[] = body.data.flatMap(({ task }: { task?: { id: string } }) => (task ? [task.id] : []));
  expect(new Set(ids).size).toBe(99);
  await eventually('all runs succeed', async () => {
    const page = await world.api.get(`/v1/tasks?endpoint_id=${endpoint.id}&status=success&page_size=100`);
    return page.body.data.length === 99;
  });
  const received = (await (await fetch(`${world.stack.receiver}/received`)).json()) as {
    headers: Record<string, string>;
    body: string;
  }[];
  expect(received.map(({ headers }) => headers['webhook-id']).sort()).toEqual([...ids].sort());
  const numbers = received.map(({ body }) => JSON.parse(body).n).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 100 }, (_, n) => n).filter((n) => n !== 41));
});

test('a batch that is none is refused as a whole', async () => {
  const world = await starting;
  const one = { target: { url: `${world.stack.receiver}/ok` } };
  for (const tasks of [[], Array(101).fill(one), one, null]) {
    const { body } = expectStatus(await world.api.post('/v1/tasks/batch', { tasks }), 400);
    expect(body.errors[0].pointer).toBe('/tasks');
  }
});
