import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { expectStatus } from '../support/http-client.js';
import type { OutsideStory } from './story.js';

const JOBS = '/api/v1/jobs';

export const dispatchStory: OutsideStory = {
  name: 'dispatch dialect: a job is called at its fireAt, never before, signed; another is cancelled',
  async tell({ teller, receiver: { hook, received } }) {
    const job = (fireAt: number) => ({
      title: 'Trial expiry reminder',
      webhookUrl: hook.url,
      fireAt: new Date(fireAt).toISOString(),
      payload: { userId: 'usr_812' },
    });
    const due = Date.now() + 3_000;
    const { data: first } = expectStatus(await teller.api.post(JOBS, job(due)), 201).body;
    assert.equal(first.status, 'SCHEDULED');
    const { data: other } = expectStatus(await teller.api.post(JOBS, job(due + 3_600_000)), 201).body;
    expectStatus(await teller.api.send('DELETE', `${JOBS}/${other.id}`), 200);

    const called = await teller.shown(`${JOBS}/${first.id}`, 'was called', ({ data }) => data.logs.length > 0);
    const [log] = called.data.logs;
    assert.deepEqual([log.attempt, log.responseCode], [1, hook.status]);
    assert(Date.parse(log.firedAt) >= due);
    assert.equal((await teller.api.get(`${JOBS}/${other.id}`)).body.data.status, 'CANCELLED');
    if (!received) return;

    const [webhook] = await received(`run_${first.id.replaceAll('-', '')}`);
    const { firedAt, ...sent } = JSON.parse(webhook!.body);
    assert.deepEqual(sent, { jobId: first.id, title: first.title, payload: { userId: 'usr_812' } });
    assert(Date.parse(firedAt) >= due);
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(String(webhook!.headers['x-dispatch-signature']))!;
    const mac = createHmac('sha256', teller.project.signing_secret).update(`${t}.${webhook!.body}`).digest('hex');
    assert.equal(v1, mac);
  },
};
