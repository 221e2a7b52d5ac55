import type { CrashStory } from '../story.js';

export const deliveryStories: readonly CrashStory[] = [
  {
    name: 'create, deliver, success',
    stage: 'alone',
    async tell(t) {
      const run = await t.create(await t.endpoint('/attempts/200'), { payload: { order: 1 } });
      await t.ends(run, 'success', [1, 1]);
    },
  },
  {
    name: 'fail, retry, success',
    stage: 'alone',
    async tell(t) {
      const run = await t.created(await t.endpoint('/attempts/503,200', { attempts: 3 }));
      await t.ends(run, 'success', [2, 2]);
    },
  },
  {
    // The worker that takes over after a death gets another answer than the dead worker: only one may have effects.
    name: 'a receiver that changes its mind',
    stage: 'alone',
    async tell(t) {
      const last = await t.created(await t.endpoint('/calls/503,200'));
      await t.ends(last, ['dead_letter', 'success'], [1, 1]);
    },
  },
  {
    name: 'a receiver that is mended between two calls',
    stage: 'alone',
    async tell(t) {
      const run = await t.created(await t.endpoint('/calls/503,200', { attempts: 2 }));
      await t.ends(run, 'success', [1, 2]);
    },
  },
  {
    // Long enough for a second token of the same attempt to come while the call is under way.
    name: 'a slow receiver',
    stage: 'alone',
    async tell(t) {
      const run = await t.create(await t.endpoint('/slow/5000', { timeoutMs: 9_000 }));
      await t.ends(run, 'success', [1, 1]);
    },
  },
  {
    name: 'a batch of three requests',
    stage: 'alone',
    async tell(t) {
      const endpoint_id = await t.endpoint('/attempts/200');
      const tasks = [1, 2, 3].map((n) => ({ endpoint_id, payload: { n } }));
      const { body } = await t.write('POST', '/v1/tasks/batch', { tasks });
      for (const { task } of body.data) await t.ends(task.id, 'success', [1, 1]);
    },
  },
];
