import type { CrashStory } from '../story.js';

export const replayStories: readonly CrashStory[] = [
  {
    name: 'exhaust, dead letter, replay, success',
    stage: 'alone',
    async tell(t) {
      const endpoint = await t.endpoint('/attempts/500,500,200', { attempts: 2 });
      const run = await t.created(endpoint);
      const letter = await t.buried(run);
      await t.write('POST', `/v1/dead-letters/${letter}/replay`);
      await t.ends(run, 'success', [3, 3], { replayed: true });
    },
  },
  {
    name: 'bulk replay',
    stage: 'alone',
    async tell(t) {
      const endpoint_id = await t.endpoint('/attempts/500,200', { own: true });
      const runs = await t.calmly(async () => {
        const made = await Promise.all([t.create(endpoint_id), t.create(endpoint_id)]);
        for (const run of made) await t.buried(run);
        return made;
      });
      const { headers } = await t.write('POST', '/v1/dead-letters/replay', { endpoint_id });
      for (const run of runs) await t.ends(run, 'success', [2, 2], { replayed: true });
      await t.shows(headers.get('location')!, ({ status, replayed }) => status === 'completed' && replayed === 2);
    },
  },
  {
    name: "an operator's move from dead-letters to replay",
    stage: 'together',
    async tell(t) {
      const run = await t.created(await t.endpoint('/attempts/500,200'));
      await t.buried(run);
      await t.together(async () => {
        await t.scene.console.redrive('DeadLetters', 'Replay');
      });
      await t.ends(run, 'success', [2, 2], { replayed: true, moved: true });
    },
  },
];
