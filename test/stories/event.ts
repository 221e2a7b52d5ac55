import assert from 'node:assert/strict';
import { expectStatus } from '../support/http-client.js';
import { isSignedWith } from '../support/webhook-verification.js';
import { PAYLOAD } from './receiver.js';
import type { OutsideStory } from './story.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

export const eventStory: OutsideStory = {
  name: 'event: it reaches the endpoints that listen, once each, and no other',
  async tell({ teller, receiver: { good, received } }) {
    const filters = [['order.paid'], ['order.*', 'order.paid'], ['order.*'], ['order.refunded'], ['order'], []];
    const endpoints = await Promise.all(filters.map((event_filters) => teller.endpointAt(good, 1, { event_filters })));
    const event = { event_name: 'order.paid', event_key: 'order/7 ✓', payload: PAYLOAD };
    const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;
    const { id } = expectStatus(await teller.api.post('/v1/events', event, { traceparent }), 202).body;

    const isDone = ({ status, task_counts }: { status: string; task_counts: { success?: number } }) =>
      status === 'completed' && task_counts.success === 3;
    const shown = await teller.shown(`/v1/events/${id}`, 'was delivered to three', isDone);
    assert.deepEqual(shown.task_counts, { success: 3 });
    const reached = shown.tasks.map(({ endpoint_id }: { endpoint_id: string }) => endpoint_id).sort();
    const listening = endpoints.slice(0, 3);
    assert.deepEqual(reached, listening.map((endpoint) => endpoint.id).sort());
    const found = expectStatus(await teller.api.get('/v1/events?event_key=order%2F7+%E2%9C%93'), 200).body.data;
    assert.deepEqual(
      found.map((listed: { id: string }) => listed.id),
      [id],
    );
    for (const run of shown.tasks)
      assert.deepEqual(await teller.listed(`/v1/tasks?endpoint_id=${run.endpoint_id}`), [run.id]);
    for (const run of received ? shown.tasks : []) {
      const [webhook, ...others] = await received!(run.id);
      assert.deepEqual(others, []);
      const { headers, body } = webhook!;
      assert.equal(body, JSON.stringify(PAYLOAD));
      assert.equal(headers['punctual-event-name'], 'order.paid');
      assert.equal(headers['punctual-event-key'], 'order%2F7%20%E2%9C%93');
      assert.match(String(headers['traceparent']), new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
      const { signing_secret } = listening.find((endpoint) => endpoint.id === run.endpoint_id)!;
      assert(isSignedWith(signing_secret, webhook!));
    }
  },
};
