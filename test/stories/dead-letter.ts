import assert from 'node:assert/strict';
import { expectStatus } from '../support/http-client.js';
import { PAYLOAD } from './receiver.js';
import type { OutsideStory } from './story.js';
import { assertAttempts } from './story-teller.js';

export const deadLetterStory: OutsideStory = {
  name: 'dead letter: what is exhausted is kept with all it needs; resolved, it is not replayed',
  async tell({ teller, receiver: { bad, received } }) {
    const endpoint = await teller.endpointAt(bad, 2);
    const id = await teller.task(endpoint.id);
    const run = await teller.reached(id, 'dead_letter');
    assertAttempts(run, 'failed', 'failed');
    const { reason, status, payload, last_attempt, ...letter } = await teller.deadLetter(id);
    assert.deepEqual({ reason, status, payload }, { reason: 'attempts_exhausted', status: 'open', payload: PAYLOAD });
    assert.deepEqual([letter.task_id, letter.endpoint_id], [id, endpoint.id]);
    assert.deepEqual([last_attempt.attempt, last_attempt.http_status], [2, run.attempts[1].http_status]);

    const path = `/v1/dead-letters/${letter.id}`;
    const resolved = expectStatus(await teller.api.post(`${path}/resolve`, { note: 'sent by hand' }), 200).body;
    assert.deepEqual([resolved.status, resolved.note], ['resolved', 'sent by hand']);
    const refused = expectStatus(await teller.api.post(`${path}/replay`), 409);
    assert.equal(refused.headers.get('content-type'), 'application/problem+json');
    assert.equal(refused.body.code, 'conflict');
    const listed = `/v1/dead-letters?status=resolved&endpoint_id=${endpoint.id}`;
    await teller.shown(listed, 'lists it alone', ({ data }) => data.length === 1 && data[0].id === letter.id);
    if (received) assert.equal((await received(id)).length, 2);
  },
};
