import assert from 'node:assert/strict';
import { assertAttempts, type StoryTeller } from '../../stories/story-teller.js';
import { expectStatus } from '../../support/http-client.js';
import { MINUTE_SECONDS, type Spanning, type SpanningStory } from '../spanning-story.js';

/** More than one page of a bulk replay. */
const LETTERS = 60;

const inMinutes = (minutes: number) => ({ delay_seconds: minutes * MINUTE_SECONDS });

function several<Made>(count: number, make: (index: number) => Promise<Made>): Promise<Made[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(index)));
}

async function allSucceed({ teller, receiver }: Spanning, runs: readonly string[]): Promise<void> {
  for (const id of runs) {
    assertAttempts(await teller.reached(id, 'success'), 'success');
    assert.equal((await receiver.received(id)).length, 1, `${id} was called more than once`);
  }
}

async function retrying({ teller, receiver }: Spanning, delaySeconds: number) {
  const retry_policy_id = await teller.policy(2, delaySeconds);
  const { id: endpoint } = await teller.endpoint(receiver.bad.url, { retry_policy_id });
  const run = await teller.task(endpoint);
  await teller.reached(run, 'retry_scheduled');
  return { endpoint, run, job: `/v1/retry-jobs/${run.replace('run_', 'rj_')}` };
}

async function dying({ teller, receiver }: Spanning, count: number) {
  const { id: endpoint } = await teller.endpointAt(receiver.bad);
  const tasks = Array.from({ length: count }, (_, n) => ({ endpoint_id: endpoint, payload: { n } }));
  const { data } = expectStatus(await teller.api.post('/v1/tasks/batch', { tasks }), 200).body;
  const runs: string[] = data.map(({ task }: { task: { id: string } }) => task.id);
  for (const id of runs) await teller.deadLetter(id);
  return { endpoint, runs };
}

const cancel = async (teller: StoryTeller, run: string) =>
  expectStatus(await teller.api.post(`/v1/tasks/${run}/cancel`), 200);

const patch = async (teller: StoryTeller, endpoint: string, change: object) =>
  expectStatus(await teller.api.send('PATCH', `/v1/endpoints/${endpoint}`, change), 200);

export const runStories: readonly SpanningStory[] = [
  {
    name: 'runs that are due now, and runs that are delayed in SQS and in EventBridge',
    isBrief: true,
    async *tell(spanning) {
      const { teller, receiver } = spanning;
      const { id } = await teller.endpointAt(receiver.good);
      const delayed = await several(4, (n) => teller.task(id, inMinutes([2, 3, 14, 20][n]!)));
      const target = { target: receiver.good, payload: 'inline', ...inMinutes(4) };
      const inline = expectStatus(await teller.api.post('/v1/tasks', target), 201).body.id;
      const now = await several(5, () => teller.task(id));
      yield;
      for (const run of [...delayed, inline]) assert.equal((await teller.run(run)).status, 'pending');
      await allSucceed(spanning, now);
      yield;
      await allSucceed(spanning, [...delayed, inline]);
    },
  },
  {
    name: 'retries that wait: for minutes, or made now, or given up',
    async *tell(spanning) {
      const { teller, receiver } = spanning;
      const waiting = await several(3, (n) => retrying(spanning, [2, 18, 20][n]! * MINUTE_SECONDS));
      const [now, given] = [await retrying(spanning, 600), await retrying(spanning, 600)];
      yield;
      for (const { endpoint, job } of [...waiting, now]) {
        await teller.move(endpoint, receiver.good);
        expectStatus(await teller.api.get(job), 200);
      }
      expectStatus(await teller.api.post(`${now.job}/run`), 202);
      expectStatus(await teller.api.send('DELETE', given.job), 204);
      assertAttempts(await teller.reached(now.run, 'success'), 'failed', 'success');
      assert.equal((await teller.deadLetter(given.run)).reason, 'given_up');
      yield;
      for (const { run } of waiting) assertAttempts(await teller.reached(run, 'success'), 'failed', 'success');
    },
  },
  {
    name: 'runs that are held at a paused endpoint',
    async *tell(spanning) {
      const { teller, receiver } = spanning;
      const { id } = await teller.endpointAt(receiver.good);
      await patch(teller, id, { status: 'paused' });
      const held = await several(5, () => teller.task(id));
      yield;
      for (const run of held) assert.equal((await teller.run(run)).attempt_count, 0);
      await patch(teller, id, { status: 'active' });
      await allSucceed(spanning, held);
      yield;
    },
  },
  {
    name: 'runs that wait at a rate limit, and for one of the concurrent calls',
    isBrief: true,
    async *tell(spanning) {
      const { teller, receiver } = spanning;
      const rated = await teller.endpointAt(receiver.good, 1, { rate_limit_per_second: 1 });
      const slow = { url: receiver.good.url.replace('/ok', '/slow/700') };
      const narrow = await teller.endpointAt(slow, 1, { max_concurrency: 1 });
      const runs = await several(24, (n) => teller.task((n % 2 ? rated : narrow).id));
      yield;
      await allSucceed(spanning, runs);
      yield;
    },
  },
  {
    name: 'dead letters that are replayed or resolved after the switch',
    async *tell(spanning) {
      const { teller, receiver } = spanning;
      const { endpoint, runs } = await dying(spanning, 2);
      yield;
      const [replayed, resolved] = runs as [string, string];
      const letters = `/v1/dead-letters?status=open&endpoint_id=${endpoint}`;
      assert.equal((await teller.listed(letters)).length, 2);
      await teller.move(endpoint, receiver.good);
      const path = (run: string) => `/v1/dead-letters/${run.replace('run_', 'dl_')}`;
      expectStatus(await teller.api.post(`${path(replayed)}/replay`), 202);
      expectStatus(await teller.api.post(`${path(resolved)}/resolve`, { note: 'by hand' }), 200);
      assertAttempts(await teller.revived(replayed), 'failed', 'success');
      assert.deepEqual(await teller.listed(letters), []);
      yield;
    },
  },
  {
    name: 'a bulk replay that is in its middle',
    async *tell(spanning) {
      const { teller, receiver, stack } = spanning;
      const { endpoint, runs } = await dying(spanning, LETTERS);
      await teller.move(endpoint, receiver.good);
      stack.stall(teller.project.id);
      const begun = expectStatus(await teller.api.post('/v1/dead-letters/replay', { endpoint_id: endpoint }), 202);
      await stack.untilStalled(teller.project.id);
      yield;
      const job = begun.headers.get('location')!;
      const { replayed } = await teller.shown(job, 'is completed', ({ status }) => status === 'completed');
      assert.equal(replayed, LETTERS);
      for (const id of runs) {
        assertAttempts(await teller.revived(id), 'failed', 'success');
        assert.equal((await receiver.received(id)).length, 2);
      }
      yield;
    },
  },
  {
    name: 'runs that are cancelled, before and after the switch',
    async *tell(spanning) {
      const { teller, receiver } = spanning;
      const { id } = await teller.endpointAt(receiver.good);
      const runs = await several(4, (n) => teller.task(id, inMinutes([3, 20][n % 2]!)));
      for (const run of runs.slice(0, 2)) await cancel(teller, run);
      yield;
      for (const run of runs.slice(2)) await cancel(teller, run);
      yield;
      for (const run of runs) {
        assert.equal((await teller.run(run)).status, 'cancelled');
        assert.deepEqual(await receiver.received(run), []);
      }
    },
  },
];
