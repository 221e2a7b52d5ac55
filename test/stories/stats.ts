import assert from 'node:assert/strict';
import { expectStatus } from '../support/http-client.js';
import type { OutsideStory } from './story.js';

export const statsStory: OutsideStory = {
  name: 'statistics: what came of deliveries shows in the current hour already',
  async tell({ teller, receiver: { good, bad } }) {
    const before = expectStatus(await teller.api.get('/v1/stats'), 200).body.totals;
    const failing = await teller.endpointAt(bad);
    await teller.reached(await teller.task(failing.id), 'dead_letter');
    await teller.reached(await teller.task((await teller.endpointAt(good)).id), 'success');

    const isCounted = ({ totals }: { totals: { failing: { endpoint_id: string }[]; success: number } }) =>
      totals.success > before.success && totals.failing.some(({ endpoint_id }) => endpoint_id === failing.id);
    const { totals, hours } = await teller.shown('/v1/stats', 'counts both', isCounted);
    assert(totals.failed > before.failed && totals.dead_letters > before.dead_letters);
    const { failures } = totals.failing.find(({ endpoint_id }: { endpoint_id: string }) => endpoint_id === failing.id);
    assert.equal(failures, 1);
    assert(totals.latency_ms.p50 > 0 && totals.latency_ms.p99 >= totals.latency_ms.p50);
    assert.equal(hours.length, 24);
  },
};
