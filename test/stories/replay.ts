import assert from 'node:assert/strict';
import { expectStatus } from '../support/http-client.js';
import type { OutsideStory } from './story.js';
import { assertAttempts } from './story-teller.js';

export const replayStory: OutsideStory = {
  name: 'replay: a dead letter goes out again under the same webhook-id, once',
  async tell({ teller, receiver: { good, bad, received } }) {
    const endpoint = await teller.endpointAt(bad, 2);
    const id = await teller.task(endpoint.id);
    await teller.reached(id, 'dead_letter');
    const letter = await teller.deadLetter(id);
    await teller.move(endpoint.id, good);

    const path = `/v1/dead-letters/${letter.id}`;
    const begun = expectStatus(await teller.api.post(`${path}/replay`), 202);
    assert.equal(begun.headers.get('location'), `/v1/tasks/${id}`);
    assertAttempts(await teller.revived(id), 'failed', 'failed', 'success');
    assert.equal((await teller.deadLetter(id)).status, 'replayed');
    expectStatus(await teller.api.post(`${path}/replay`), 409);
    expectStatus(await teller.api.post(`${path}/resolve`, { note: 'late' }), 409);
    if (!received) return;
    const ids = (await received(id)).map(({ headers }) => headers['webhook-id']);
    assert.deepEqual(ids, [id, id, id]);
  },
};

export const bulkReplayStory: OutsideStory = {
  name: 'replay: all dead letters of an endpoint that was mended, and of no other',
  async tell({ teller, receiver: { good, bad, received } }) {
    const endpoint = await teller.endpointAt(bad);
    const bystander = await teller.task((await teller.endpointAt(bad)).id);
    const ids = await Promise.all(Array.from({ length: 5 }, () => teller.task(endpoint.id)));
    for (const id of [...ids, bystander]) {
      await teller.reached(id, 'dead_letter');
      await teller.deadLetter(id);
    }
    await teller.move(endpoint.id, good);

    const replay = { endpoint_id: endpoint.id };
    const begun = expectStatus(await teller.api.post('/v1/dead-letters/replay', replay), 202);
    const location = begun.headers.get('location')!;
    const job = await teller.shown(location, 'is completed', ({ status }) => status === 'completed');
    assert.deepEqual([job.id, job.replayed], [begun.body.id, 5]);
    for (const id of ids) {
      assertAttempts(await teller.revived(id), 'failed', 'success');
      if (received) assert.equal((await received(id)).length, 2);
    }
    assert.equal((await teller.run(bystander)).status, 'dead_letter');
  },
};
