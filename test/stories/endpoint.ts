import assert from 'node:assert/strict';
import { expectStatus } from '../support/http-client.js';
import type { OutsideStory } from './story.js';

export const endpointStory: OutsideStory = {
  name: 'endpoint: it can be tried out; paused, it holds what is due, and lets it go when it is active again',
  async tell({ teller, receiver: { good } }) {
    const endpoint = await teller.endpointAt(good);
    assert.match(endpoint.signing_secret, /^whsec_/);
    const tried = expectStatus(await teller.api.post(`/v1/endpoints/${endpoint.id}/test`), 200).body;
    assert.equal(tried.endpoint_id, endpoint.id);
    assert.equal(tried.attempt, 1);

    const patch = (status: string) => teller.api.send('PATCH', `/v1/endpoints/${endpoint.id}`, { status });
    expectStatus(await patch('paused'), 200);
    const held = await teller.task(endpoint.id);
    await teller.reached(await teller.task((await teller.endpointAt(good)).id), 'success');
    assert.equal((await teller.run(held)).attempt_count, 0);
    expectStatus(await patch('active'), 200);
    await teller.reached(held, 'success');
  },
};
