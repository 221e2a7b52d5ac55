import type { CrashStory } from '../story.js';

export const intakeStories: readonly CrashStory[] = [
  {
    name: 'a message of the intake queue becomes one event',
    stage: 'alone',
    async tell(t) {
      t.ignore('deliverer', 'dispatcher');
      const event_name = `story.${t.telling.id}`;
      const endpoint = await t.calmly(() => t.endpoint('/attempts/200', { own: true, filters: [event_name] }));
      await t.publish({ event: { event_name, payload: { of: t.telling.id } } });
      const [run] = await t.listed(`/v1/tasks?endpoint_id=${endpoint}`);
      await t.ends(run!.id, 'success', [1, 1]);
    },
  },
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
