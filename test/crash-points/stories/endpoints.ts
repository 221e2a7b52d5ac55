import type { CrashStory } from '../story.js';

export const endpointStories: readonly CrashStory[] = [
  {
    name: 'an endpoint is paused and resumed',
    stage: 'alone',
    async tell(t) {
      const endpoint = await t.endpoint('/attempts/200', { own: true });
      await t.calmly(() => t.write('PATCH', `/v1/endpoints/${endpoint}`, { status: 'paused' }));
      const run = await t.created(endpoint);
      await t.isHeld(run);
      await t.write('PATCH', `/v1/endpoints/${endpoint}`, { status: 'active' });
      await t.ends(run, 'success', [1, 1]);
    },
  },
  {
    name: 'two runs take turns at an endpoint with a rate',
    stage: 'alone',
    async tell(t) {
      t.ignore('api');
      const endpoint = await t.endpoint('/attempts/200', { own: true, limits: { rate_limit_per_second: 1 } });
      const runs = await Promise.all([t.create(endpoint), t.create(endpoint)]);
      for (const run of runs) await t.ends(run, 'success', [1, 1]);
    },
  },
  {
    name: 'two runs share the one slot of an endpoint',
    stage: 'alone',
    async tell(t) {
      t.ignore('api');
      const endpoint = await t.endpoint('/slow/300', { own: true, limits: { max_concurrency: 1 } });
      const runs = await Promise.all([t.create(endpoint), t.create(endpoint)]);
      for (const run of runs) await t.ends(run, 'success', [1, 1]);
    },
  },
  {
    name: 'an endpoint is gone',
    stage: 'alone',
    async tell(t) {
      t.ignore('api');
      const endpoint = await t.endpoint('/attempts/410', { own: true, attempts: 3 });
      await t.ends(await t.create(endpoint), 'dead_letter', [0, 1], { mayLoseOne: true });
      await t.shows(`/v1/endpoints/${endpoint}`, ({ status }) => status === 'disabled');
    },
  },
  {
    name: 'a project is over its share of the lane',
    stage: 'together',
    async tell(t) {
      t.ignore('api');
      await t.together(() => t.scene.markOver());
      const run = await t.create(await t.endpoint('/attempts/503,200', { attempts: 2 }));
      await t.ends(run, 'success', [2, 2]);
    },
  },
  {
    name: 'what died at an endpoint is recovered',
    stage: 'alone',
    async tell(t) {
      const endpoint = await t.endpoint('/attempts/500,200', { own: true });
      const run = await t.calmly(async () => {
        const made = await t.create(endpoint);
        await t.buried(made);
        return made;
      });
      await t.write('POST', `/v1/endpoints/${endpoint}/recover`, { since: '2020-01-01T00:00:00Z' });
      await t.ends(run, 'success', [2, 2], { replayed: true });
    },
  },
];
