import type { CrashStory } from '../story.js';

export const intakeStories: readonly CrashStory[] = [
  {
    name: 'a message of the intake queue becomes one task run',
    stage: 'alone',
    async tell(t) {
      t.ignore('deliverer');
      const payload = { of: t.telling.id };
      await t.publish({ task: { endpoint_id: await t.endpoint('/attempts/200'), payload } });
      await t.ends(await t.itsRun(), 'success', [1, 1]);
    },
  },
  {
    name: 'a refused message of the intake queue is set apart',
    stage: 'alone',
    async tell(t) {
      const mark = `"refused":"${t.telling.id}"`;
      await t.publish({ task: { refused: t.telling.id } });
      await t.isRefused(mark);
    },
  },
];
