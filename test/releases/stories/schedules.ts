import assert from 'node:assert/strict';
import { assertAttempts } from '../../stories/story-teller.js';
import { expectStatus } from '../../support/http-client.js';
import { MINUTE_SECONDS, type Spanning, type SpanningStory } from '../spanning-story.js';

const NIGHTLY = { cron: '0 3 29 2 *' };
const MINUTELY = { cron: '* * * * *' };

interface Made {
  readonly path: string;
  /** What it shows of itself and its runs, when it has made all of them. */
  completed(runs: number): Promise<void>;
  patch(change: object): Promise<void>;
}

async function schedule({ teller, receiver, stack }: Spanning, when: object): Promise<Made> {
  const { id: endpoint_id } = await teller.endpointAt(receiver.good);
  // The clock moves in steps, which make a fire late.
  const settings = { name: 'spans', endpoint_id, overlap_policy: 'allow', misfire_grace_seconds: 86_400, ...when };
  const { id } = expectStatus(await teller.api.post('/v1/schedules', settings), 201).body;
  const path = `/v1/schedules/${id}`;
  return {
    path,
    async completed(runs) {
      await teller.shown(path, 'is completed', ({ status }) => status === 'completed');
      const { data } = await teller.shown(`${path}/runs`, `shows ${runs} runs`, (page) => page.data.length === runs);
      for (const run of data) {
        assertAttempts(await teller.reached(run.id, 'success'), 'success');
        assert.equal((await receiver.received(run.id)).length, 1);
        assert(Date.parse(run.run_at) <= stack.now());
      }
    },
    async patch(change) {
      expectStatus(await teller.api.send('PATCH', path, change), 200);
    },
  };
}

export const scheduleStories: readonly SpanningStory[] = [
  {
    name: 'schedules that fire before and after the switch, or after it alone',
    isBrief: true,
    async *tell(spanning) {
      const { stack } = spanning;
      const moment = (minutes: number) => new Date(stack.now() + minutes * MINUTE_SECONDS * 1000).toISOString();
      const often = await schedule(spanning, { cron: '*/3 * * * * *', max_runs: 12 });
      const cron = await schedule(spanning, { ...MINUTELY, max_runs: 3 });
      const near = await schedule(spanning, { run_at: moment(3) });
      const far = await schedule(spanning, { run_at: moment(19) });
      yield;
      await often.completed(12);
      yield;
      await cron.completed(3);
      await near.completed(1);
      await far.completed(1);
    },
  },
  {
    name: 'schedules that are changed, paused, resumed, run and deleted by the other release',
    async *tell(spanning) {
      const { teller, receiver, stack } = spanning;
      const changed = await schedule(spanning, NIGHTLY);
      const moved = await schedule(spanning, { run_at: new Date(stack.now() + 86_400_000).toISOString() });
      const sooner = await schedule(spanning, { ...MINUTELY, max_runs: 3, jitter_seconds: 30 });
      // A pause a moment before the minute would cancel a run, which counts among the two.
      const resumed = await schedule(spanning, { ...MINUTELY, max_runs: 2, status: 'paused' });
      const [paused, deleted, asked] = [
        await schedule(spanning, MINUTELY),
        await schedule(spanning, MINUTELY),
        await schedule(spanning, NIGHTLY),
      ];
      yield;
      await changed.patch({ ...MINUTELY, max_runs: 2 });
      await moved.patch({ run_at: new Date(stack.now() + 120_000).toISOString() });
      await sooner.patch({ jitter_seconds: 0, payload: { changed: true } });
      await resumed.patch({ status: 'active' });
      await paused.patch({ status: 'paused' });
      expectStatus(await teller.api.send('DELETE', deleted.path), 204);
      const run = expectStatus(await teller.api.post(`${asked.path}/run`), 202).body.id;
      await teller.reached(run, 'success');
      yield;
      await changed.completed(2);
      await moved.completed(1);
      await sooner.completed(3);
      await resumed.completed(2);
      assert.equal((await receiver.received(run)).length, 1);
      expectStatus(await teller.api.get(deleted.path), 404);
      expectStatus(await teller.api.send('DELETE', paused.path), 204);
      expectStatus(await teller.api.send('DELETE', asked.path), 204);
    },
  },
];
