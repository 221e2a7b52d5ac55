import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { expectStatus } from '../support/http-client.js';
import { PAYLOAD } from './receiver.js';
import type { OutsideStory } from './story.js';

const JOBS = '/api/cron-service/jobs';

export const cronServiceStory: OutsideStory = {
  name: 'cron-service dialect: a job runs now, is retried, signs what it sends; is resumed and deleted',
  async tell({ teller, receiver: { good, bad, received } }) {
    const body = JSON.stringify(PAYLOAD);
    const target = { targetUrl: bad.url, headers: good.headers ?? {}, body };
    const options = { retries: 5, retryDelaySeconds: 1, signPayloads: true, state: 'PAUSED' };
    const given = { name: 'story', cronExpression: '0 0 1 1 *', ...target, ...options };
    const { jobId, state, nextRunAt } = expectStatus(await teller.api.post(JOBS, given), 201).body.data;
    assert.deepEqual({ state, nextRunAt }, { state: 'PAUSED', nextRunAt: null });
    const path = `${JOBS}/${jobId}`;
    const patch = async (change: object) => expectStatus(await teller.api.send('PATCH', path, change), 200).body.data;
    const { executionId } = expectStatus(await teller.api.post(`${path}/run`), 202).body.data;
    await teller.reached(executionId, 'retry_scheduled');

    // A job's run keeps the target that the job had: only the next one goes elsewhere.
    await patch({ targetUrl: good.url });
    expectStatus(await teller.api.post(`/v1/tasks/${executionId}/cancel`), 200);
    const again = expectStatus(await teller.api.post(`${path}/run`), 202).body.data.executionId;
    await teller.reached(again, 'success');
    const { executions } = expectStatus(await teller.api.get(`${path}/executions?limit=5`), 200).body.data;
    const results = executions.map(({ result, trigger }: { result: string; trigger: string }) => [trigger, result]);
    assert.deepEqual(results, [
      ['MANUAL', 'SUCCESS'],
      ['MANUAL', 'CANCELLED'],
    ]);
    if (received) {
      const mac = createHmac('sha256', teller.api.headers['x-api-key']!).update(body).digest('hex');
      const runOf = (execution: string) => execution.replace('ex_', 'run_');
      for (const { headers } of [...(await received(runOf(executionId))), ...(await received(runOf(again)))])
        assert.deepEqual([headers['x-cron-signature'], headers['punctual-schedule-id']], [`sha256=${mac}`, jobId]);
    }

    const resumed = await patch({ state: 'ACTIVE' });
    assert.match(resumed.nextRunAt, /-01-01T00:00:00Z$/);
    assert.deepEqual(expectStatus(await teller.api.send('DELETE', path), 200).body, { status: 'OK', data: null });
    assert.equal(expectStatus(await teller.api.get(path), 404).body.status, 'ERROR');
  },
};
