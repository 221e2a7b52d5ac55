import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld();

test('an ended run is delivered again, with its headers and another payload', async () => {
  const world = await starting;
  const headers = { 'X-Shop': 'seven' };
  const target = { url: `${world.stack.receiver}/ok`, headers };
  const body = { target, payload: { amount: 4 } };
  const { id } = expectStatus(await world.api.post('/v1/tasks', body), 201).body;
  await world.reached(id, 'success');
  const again = expectStatus(await world.api.post(`/v1/tasks/${id}/resend`, { payload: { amount: 40 } }), 201).body;
  await world.reached(again.id, 'success');
  const calls = [...(await world.received(id)), ...(await world.received(again.id))];
  expect(calls.map(({ body }) => body)).toEqual(['{"amount":4}', '{"amount":40}']);
  expect(calls.map(({ headers }) => headers['x-shop'])).toEqual(['seven', 'seven']);
});
