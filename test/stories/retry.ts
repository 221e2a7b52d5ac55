import assert from 'node:assert/strict';
import { isSignedWith } from '../support/webhook-verification.js';
import type { OutsideStory } from './story.js';
import { assertAttempts } from './story-teller.js';

export const retryStory: OutsideStory = {
  name: 'retry: a failure is tried again after its backoff, under the same webhook-id',
  async tell({ teller, receiver: { good, bad, received } }) {
    const endpoint = await teller.endpointAt(bad, 5);
    const id = await teller.task(endpoint.id);
    const waiting = await teller.reached(id, 'retry_scheduled');
    const waits = Date.parse(waiting.next_attempt_at!) - Date.parse(waiting.attempts[0].finished_at);
    assert(waits >= 1_000, `it waits ${waits} ms`);
    await teller.move(endpoint.id, good);

    const { attempts, ...run } = await teller.reached(id, 'success');
    assert(attempts.length >= 2);
    assertAttempts({ ...run, attempts }, ...attempts.slice(1).map(() => 'failed'), 'success');
    const starts = attempts.map(({ started_at }) => Date.parse(started_at));
    for (const [n, at] of starts.slice(1).entries()) assert(at - starts[n]! >= 1_000, `after ${at - starts[n]!} ms`);
    const newestFirst = attempts.map((attempt) => attempt.id).reverse();
    assert.deepEqual(await teller.listed(`/v1/deliveries?endpoint_id=${endpoint.id}`), newestFirst);
    if (!received) return;
    const webhooks = await received(id);
    assert.deepEqual(
      webhooks.map(({ headers }) => headers['punctual-attempt']),
      attempts.map(({ attempt }) => String(attempt)),
    );
    assert(webhooks.every((webhook) => isSignedWith(endpoint.signing_secret, webhook)));
  },
};
