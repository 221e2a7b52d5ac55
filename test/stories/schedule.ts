import assert from 'node:assert/strict';
import { expectStatus } from '../support/http-client.js';
import { PAYLOAD } from './receiver.js';
import type { OutsideStory } from './story.js';
import { assertAttempts, type StoryTeller } from './story-teller.js';

const PATH = '/v1/schedules';
const MINUTE_MS = 60_000;

async function schedule(teller: StoryTeller, endpoint_id: string, when: object) {
  const given = { name: 'story', endpoint_id, payload: PAYLOAD, overlap_policy: 'allow', ...when };
  return expectStatus(await teller.api.post(PATH, given), 201).body;
}

export const cronStory: OutsideStory = {
  name: 'schedule: a cron makes one run for each of its moments, none early, until it is completed',
  async tell({ teller, receiver: { good, received } }) {
    const endpoint = await teller.endpointAt(good);
    const { id } = await schedule(teller, endpoint.id, { cron: '*/2 * * * * *', max_runs: 2 });
    await teller.shown(`${PATH}/${id}`, 'is completed', ({ status }) => status === 'completed');
    const runs = await teller.shown(`${PATH}/${id}/runs`, 'shows two runs', ({ data }) => data.length === 2);
    const [last, first] = runs.data.map(({ run_at }: { run_at: string }) => Date.parse(run_at));
    assert.deepEqual([last - first, first % 2_000], [2_000, 0]);
    for (const run of runs.data) {
      assertAttempts(await teller.reached(run.id, 'success'), 'success');
      if (received) assert.equal((await received(run.id)).length, 1);
    }
  },
};

export const onceStory: OutsideStory = {
  name: 'schedule: one moment fires on it, and completes the schedule',
  async tell({ teller, receiver: { good } }) {
    const run_at = new Date(Date.now() + 3_321).toISOString();
    const { id } = await schedule(teller, (await teller.endpointAt(good)).id, { run_at });
    const { data } = await teller.shown(`${PATH}/${id}/runs`, 'shows a run', (page) => page.data.length > 0);
    const run = await teller.reached(data[0].id, 'success');
    assertAttempts(run, 'success');
    assert.equal(data[0].run_at, run_at);
    assert(Date.parse(run.attempts[0].started_at) >= Date.parse(run_at));
    const { status, next_run_at, runs } = (await teller.api.get(`${PATH}/${id}`)).body;
    assert.deepEqual({ status, next_run_at, runs }, { status: 'completed', next_run_at: null, runs: 1 });
  },
};

export const nightlyStory: OutsideStory = {
  name: 'schedule: a nightly one waits in EventBridge, can be run at once, paused, resumed and deleted',
  async tell({ teller, receiver: { good } }) {
    const when = { cron: '0 3 * * *', timezone: 'Asia/Tokyo' };
    const made = await schedule(teller, (await teller.endpointAt(good)).id, when);
    assert.match(made.next_run_at, /T18:00:00\.000Z$/);
    const path = `${PATH}/${made.id}`;
    const now = expectStatus(await teller.api.post(`${path}/run`), 202).body;
    await teller.reached(now.id, 'success');
    const patch = async (status: string) =>
      expectStatus(await teller.api.send('PATCH', path, { status }), 200).body.next_run_at;
    assert.equal(await patch('paused'), null);
    assert.equal(await patch('active'), made.next_run_at);
    expectStatus(await teller.api.send('DELETE', path), 204);
    expectStatus(await teller.api.get(path), 404);
  },
};

export const farStory: OutsideStory = {
  name: 'schedule: what is further ahead than SQS can delay comes through EventBridge, on its moment',
  isLong: true,
  async tell({ teller, receiver: { good } }) {
    const due = Date.now() + 18 * MINUTE_MS;
    const { id } = await teller.endpointAt(good);
    const task = await teller.task(id, { run_at: new Date(due).toISOString() });
    const cancelled = await teller.task(id, { run_at: new Date(due).toISOString() });
    expectStatus(await teller.api.post(`/v1/tasks/${cancelled}/cancel`), 200);
    const run = await teller.reached(task, 'success', 20 * MINUTE_MS);
    assertAttempts(run, 'success');
    assert(run.attempts[0].lateness_ms < 5_000, `${run.attempts[0].lateness_ms} ms late`);
    assert.equal((await teller.run(cancelled)).status, 'cancelled');
  },
};
