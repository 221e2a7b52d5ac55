import assert from 'node:assert/strict';
import { expectStatus } from '../support/http-client.js';
import { isSignedWith } from '../support/webhook-verification.js';
import { PAYLOAD } from './receiver.js';
import type { OutsideStory } from './story.js';
import { assertAttempts } from './story-teller.js';

export const taskStory: OutsideStory = {
  name: 'task: it is delivered once, as it was given and signed, and recorded',
  async tell({ teller, receiver: { good, received } }) {
    const endpoint = await teller.endpointAt(good);
    const given = { endpoint_id: endpoint.id, payload: PAYLOAD, run_at: 0 };
    const created = expectStatus(await teller.api.post('/v1/tasks', given), 201);
    const { id, status, attempt_count, payload } = created.body;
    assert.deepEqual({ status, attempt_count, payload }, { status: 'pending', attempt_count: 0, payload: PAYLOAD });
    assert.equal(created.headers.get('location'), `/v1/tasks/${id}`);
    assert.deepEqual(await teller.listed(`/v1/tasks?endpoint_id=${endpoint.id}`), [id]);

    const run = await teller.reached(id, 'success');
    assertAttempts(run, 'success');
    const [attempt] = run.attempts;
    assert.equal(attempt.http_status, 200);
    const deliveries = expectStatus(await teller.api.get(`/v1/deliveries?task_id=${id}`), 200).body;
    assert.deepEqual(deliveries.data, run.attempts);
    if (!received) return;

    const [webhook, ...others] = await received(id);
    assert.deepEqual(others, []);
    const { method, body, headers } = webhook!;
    assert.deepEqual({ method, body }, { method: 'POST', body: JSON.stringify(PAYLOAD) });
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['webhook-id'], id);
    assert.equal(headers['idempotency-key'], id);
    assert.equal(headers['punctual-attempt'], '1');
    assert.equal(headers['punctual-request-id'], attempt.request_id);
    assert.match(String(headers['punctual-scheduled-for']), /^\d{4}-.*Z$/);
    assert.match(String(headers['user-agent']), /^Punctual\/\d/);
    assert.match(String(headers['traceparent']), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    assert(isSignedWith(endpoint.signing_secret, webhook!));
    assert(!isSignedWith(endpoint.signing_secret, { headers, body: `${body} ` }));
  },
};

export const inlineTargetStory: OutsideStory = {
  name: "task: an inline target is called by its own method, signed with the project's secret",
  async tell({ teller, receiver: { good, bad, received } }) {
    const inline = (target: object) => teller.api.post('/v1/tasks', { target, payload: PAYLOAD });
    const { id } = expectStatus(await inline(good), 201).body;
    const put = expectStatus(await inline({ ...bad, method: 'PUT' }), 201).body;
    await teller.reached(id, 'success');
    await teller.reached(put.id, 'retry_scheduled');
    expectStatus(await teller.api.post(`/v1/tasks/${put.id}/cancel`), 200);
    if (!received) return;
    const [webhook] = await received(id);
    assert(isSignedWith(teller.project.signing_secret, webhook!));
    assert.deepEqual(
      (await received(put.id)).map(({ method }) => method),
      ['PUT'],
    );
  },
};
